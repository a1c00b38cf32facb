import { randomUUID } from 'node:crypto'
import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions'
import { anonymous } from '../../api/caller.ts'
import { clientAddress } from '../../api/client-address.ts'
import type { Endpoint } from '../../api/endpoint.ts'
import { type Guard, handler } from '../../api/handle.ts'
import type { ApiRequest } from '../../api/request.ts'
import { requestId } from '../../api/request-id.ts'
import type { Log } from '../../ports.ts'
import { AppError } from '../../schemas/errors.ts'

interface Binding {
  /** The first is outermost. */
  guards: readonly Guard[]
  log: Log
  /** How many append to x-forwarded-for on the way here. */
  proxies: number
}

/**
 * Registers an endpoint as HTTP functions: one for its path, one for each older name of it. Keys of the platform are not
 * used, our own guards let in who may come.
 */
export function bindHttp(endpoint: Endpoint, { guards, log, proxies }: Binding): void {
  const answer = handler(endpoint, guards, log)
  const bind = (name: string, path: string, alias?: string): void =>
    app.http(name, {
      route: path.slice(1),
      methods: [endpoint.method],
      authLevel: 'anonymous',
      handler: (request): Promise<HttpResponseInit> => answer(apiRequest(request, { alias, proxies })),
    })
  bind(endpoint.name, endpoint.path)
  for (const [index, alias] of (endpoint.aliases ?? []).entries())
    bind(`${endpoint.name}-alias${index + 1}`, alias, alias)
}

/** A request of the platform in the API's own form. */
export function apiRequest(request: HttpRequest, of: { alias: string | undefined; proxies: number }): ApiRequest {
  const { method, url, params: path, headers } = request
  let body: Promise<Uint8Array> | undefined
  return {
    ...{ id: requestId(headers, randomUUID), method, url, path, headers, alias: of.alias, caller: anonymous },
    address: clientAddress(headers.get('x-forwarded-for'), of.proxies),
    query: Object.fromEntries(request.query),
    body: limitBytes => {
      body ??= bodyWithin(request, limitBytes)
      return body
    },
  }
}

/** Reads no further than the limit, whatever length was announced. */
async function bodyWithin(request: HttpRequest, limitBytes: number): Promise<Uint8Array> {
  const declared = Number(request.headers.get('content-length') ?? 0)
  if (declared > limitBytes) throw tooLarge(declared, limitBytes)
  const encoding = request.headers.get('content-encoding')
  if (encoding !== null && encoding !== 'identity') {
    throw new AppError('unsupported_media_type', `The body must not be compressed: content-encoding is ${encoding}`)
  }
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of request.body ?? []) {
    bytes += chunk.length
    if (bytes > limitBytes) throw tooLarge(bytes, limitBytes)
    chunks.push(chunk)
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)
}

function tooLarge(bytes: number, limitBytes: number): AppError {
  return new AppError('body_too_large', `The body must be at most ${limitBytes} bytes: it has ${bytes} or more`, [
    { code: 'too_large', field: '(body)', value: bytes, reason: `must be at most ${limitBytes} bytes` },
  ])
}
