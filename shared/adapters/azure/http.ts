import { randomUUID } from 'node:crypto'
import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions'
import { anonymous } from '../../api/caller.ts'
import type { Endpoint } from '../../api/endpoint.ts'
import { type Guard, handler } from '../../api/handle.ts'
import type { ApiRequest } from '../../api/request.ts'
import type { Log } from '../../ports.ts'
import { AppError } from '../../schemas/errors.ts'

/**
 * Registers an endpoint as HTTP functions: one for its path, one for each older name of it. Keys of the platform are not
 * used, our own guards let in who may come.
 */
export function bindHttp(endpoint: Endpoint, guards: readonly Guard[], log: Log): void {
  const answer = handler(endpoint, guards, log)
  const bind = (name: string, path: string, alias?: string): void =>
    app.http(name, {
      route: path.slice(1),
      methods: [endpoint.method],
      authLevel: 'anonymous',
      handler: (request): Promise<HttpResponseInit> => answer(apiRequest(request, alias)),
    })
  bind(endpoint.name, endpoint.path)
  for (const [index, alias] of (endpoint.aliases ?? []).entries())
    bind(`${endpoint.name}-alias${index + 1}`, alias, alias)
}

function apiRequest(request: HttpRequest, alias: string | undefined): ApiRequest {
  const { method, url, params: path, headers } = request
  let body: Promise<Uint8Array> | undefined
  return {
    ...{ id: randomUUID(), method, url, path, headers, alias, caller: anonymous },
    address: undefined,
    query: Object.fromEntries(request.query),
    body: limitBytes => {
      body ??= bodyWithin(request, limitBytes)
      return body
    },
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
