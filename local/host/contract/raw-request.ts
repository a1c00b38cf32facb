import { once } from 'node:events'
import { type Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { text } from 'node:stream/consumers'

interface RawRequest {
  method?: string
  /** As it goes over the wire, with query. */
  path: string
  headers?: Record<string, string | string[]>
  /** Keeps connections for further requests; without one every request has its own. */
  agent?: Agent
}

export interface RawAnswer {
  status: number
  headers: IncomingMessage['headersDistinct']
  body: string
}

/** A request that says exactly what it is given, where fetch() would tidy up; its body is still to be sent. */
export function openRequest(url: string, { method = 'GET', path, headers = {}, agent }: RawRequest): ClientRequest {
  const { protocol, hostname, port } = new URL(url)
  const open = protocol === 'https:' ? httpsRequest : httpRequest
  return open({ hostname, port, method, path, headers, agent: agent ?? false })
}

export async function answerOf(request: ClientRequest): Promise<RawAnswer> {
  const [answer]: IncomingMessage[] = await once(request, 'response')
  if (answer === undefined) throw new Error(`${request.method} ${request.path} was not answered`)
  return { status: answer.statusCode ?? 0, headers: answer.headersDistinct, body: await text(answer) }
}

/** Sends a request with a body known in advance and reads the whole answer. */
export async function rawRequest(url: string, { body, ...rest }: RawRequest & { body?: string }): Promise<RawAnswer> {
  const request = openRequest(url, rest)
  const answer = answerOf(request)
  request.end(body)
  return answer
}
