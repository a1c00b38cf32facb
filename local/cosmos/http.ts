import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Container } from './containers/container.ts'
import { badRequest, CosmosError } from './errors.ts'
import type { Json } from './json.ts'
import type { Partition } from './partitions/partition.ts'

const MAX_BODY_BYTES = 4 * 1024 * 1024

/** One request, its path cut at the slashes and decoded. */
export interface Call {
  method: string
  segments: readonly string[]
  header(name: string): string | undefined
  body: string
}

export interface Reply {
  status: number
  charge: number
  /** JSON text; left out for answers without a body. */
  body?: string | undefined
  etag?: string | undefined
  headers?: Record<string, string | number> | undefined
  /** The container that the answer is about. */
  container?: Container | undefined
  /** The partition whose state the answer shows: its session token is sent along. */
  partition?: Partition | undefined
}

export async function readCall(request: IncomingMessage): Promise<Call> {
  const [path = ''] = (request.url ?? '/').split('?', 1)
  const segments = path.split('/').filter(segment => segment !== '')
  const { headers } = request
  return {
    method: request.method ?? 'GET',
    segments: segments.map(decodeSegment),
    header: name => {
      const value = headers[name]
      return Array.isArray(value) ? value[0] : value
    },
    body: await readBody(request),
  }
}

/** @throws CosmosError 400 when the body is not JSON */
export function jsonBody(call: Call): Json {
  try {
    return JSON.parse(call.body)
  } catch (cause) {
    throw badRequest(`The input content is invalid because it is not JSON: ${String(cause)}.`)
  }
}

export function sendReply(response: ServerResponse, reply: Reply): void {
  const { container, partition, etag } = reply
  const headers: Record<string, string | number> = {
    'content-type': 'application/json',
    'x-ms-activity-id': randomUUID(),
    'x-ms-request-charge': reply.charge,
    'x-ms-version': '2020-07-15',
    'x-ms-serviceversion': 'version=sidecart',
  }
  if (etag !== undefined) headers.etag = etag
  if (container) {
    headers['x-ms-alt-content-path'] = `dbs/${encodeURI(container.database.id)}/colls/${encodeURI(container.id)}`
    headers['x-ms-content-path'] = container.rid
  }
  if (partition) {
    headers['x-ms-session-token'] = partition.sessionToken
    headers.lsn = partition.lsn
  }
  const body = reply.body ?? ''
  headers['content-length'] = Buffer.byteLength(body)
  response.writeHead(reply.status, { ...headers, ...reply.headers })
  response.end(body)
}

export function errorReply(error: CosmosError): Reply {
  return {
    status: error.status,
    charge: error.charge,
    body: JSON.stringify({
      code: error.code,
      message: `Message: ${JSON.stringify({ Errors: [error.message] })}`,
      additionalErrorInfo: error.additionalErrorInfo,
    }),
    headers: {
      ...(error.substatus !== 0 && { 'x-ms-substatus': error.substatus }),
      ...(error.retryAfterMs !== undefined && { 'x-ms-retry-after-ms': error.retryAfterMs }),
    },
  }
}

// By events, which cost less than an iterator: every request passes here.
function readBody(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= MAX_BODY_BYTES) chunks.push(chunk)
    })
    request.once('error', reject)
    request.once('end', () => {
      if (bytes > MAX_BODY_BYTES) reject(new CosmosError(413, `Request size is too large: it has ${bytes} bytes.`))
      else resolve(Buffer.concat(chunks).toString('utf8'))
    })
  })
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch (cause) {
    throw badRequest(`The path segment '${segment}' is not URL-encoded: ${String(cause)}.`)
  }
}
