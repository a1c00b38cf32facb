import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions'
import type { Endpoint } from '../../api/endpoint.ts'
import { handle } from '../../api/handle.ts'
import type { ApiRequest } from '../../api/request.ts'
import type { Log } from '../../ports.ts'
import { AppError } from '../../schemas/errors.ts'

/** Registers an endpoint as an HTTP function; keys are not used, our own check guards what must be guarded. */
export function bindHttp(endpoint: Endpoint, log: Log): void {
  app.http(endpoint.name, {
    route: endpoint.path.slice(1),
    methods: [endpoint.method],
    authLevel: 'anonymous',
    handler: async (request): Promise<HttpResponseInit> => handle(endpoint, apiRequest(request), log),
  })
}

function apiRequest(request: HttpRequest): ApiRequest {
  return {
    path: request.params,
    query: Object.fromEntries(request.query),
    headers: request.headers,
    body: limitBytes => bodyWithin(request, limitBytes),
  }
}

async function bodyWithin(request: HttpRequest, limitBytes: number): Promise<Uint8Array> {
  const declared = Number(request.headers.get('content-length') ?? 0)
  if (declared > limitBytes) throw tooLarge(declared, limitBytes)
  const encoding = request.headers.get('content-encoding')
  if (encoding !== null && encoding !== 'identity') {
    throw new AppError('unsupported_media_type', `The body must not be compressed: content-encoding is ${encoding}`)
  }
  const bytes = new Uint8Array(await request.arrayBuffer())
  if (bytes.length > limitBytes) throw tooLarge(bytes.length, limitBytes)
  return bytes
}

function tooLarge(bytes: number, limitBytes: number): AppError {
  return new AppError('body_too_large', `The body must be at most ${limitBytes} bytes: it is ${bytes}`, [
    { code: 'too_large', field: '(body)', value: bytes, reason: `must be at most ${limitBytes} bytes` },
  ])
}
