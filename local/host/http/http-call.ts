import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Invoker } from '../app/invoker.ts'
import type { LogLine } from '../workers/log-line.ts'
import type { HttpPlan } from '../workers/messages.ts'

/** A request that has found its function and may call it. */
export interface HttpCall {
  request: IncomingMessage
  response: ServerResponse
  plan: HttpPlan
  params: Record<string, string>
  /** Of the URL, without question mark. */
  query: string
}

/** What every call of a function needs. */
export interface HttpService {
  invoker: Invoker
  bodyBytesMax: number
  log(line: LogLine): void
}

/**
 * Answers without a body, unless the front end has answered already; the connection closes when the request's body was not
 * read, as reading on would be pointless.
 */
export function refuse({ request, response }: Pick<HttpCall, 'request' | 'response'>, status: number): void {
  if (response.headersSent) return
  const unread = !request.complete && hasBody(request)
  response.writeHead(status, { 'content-length': 0, ...(unread && { connection: 'close' }) }).end()
  if (unread) request.resume()
}

export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'
}
