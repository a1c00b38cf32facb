import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Operation } from '../faults/armed-rule.ts'
import type { StatusFault } from '../faults/http-fault.ts'

/** A request by what the fault rules of storage can tell apart; the path is what stands behind the account's name. */
export function storageOperation(service: 'blob' | 'queue', request: IncomingMessage): Operation {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://storage')
  return {
    service,
    method: request.method,
    path: pathname.replace(/^\/[^/]*\/?/, ''),
    comp: searchParams.get('comp') ?? undefined,
  }
}

const codes: Readonly<Record<number, string>> = { 500: 'InternalError', 503: 'ServerBusy' }

/** Source: Status and error codes, Azure Storage REST API. */
export function refuseStorage(response: ServerResponse, { status, retryAfterMs }: StatusFault): void {
  const code = codes[status] ?? 'FaultOnRequest'
  const body = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>A fault on request.</Message></Error>`
  if (retryAfterMs !== undefined) response.setHeader('retry-after', Math.ceil(retryAfterMs / 1000))
  response.writeHead(status, {
    'content-type': 'application/xml',
    'content-length': Buffer.byteLength(body),
    'x-ms-error-code': code,
    'x-ms-request-id': randomUUID(),
  })
  response.end(body)
}
