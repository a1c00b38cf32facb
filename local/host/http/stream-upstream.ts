import { once } from 'node:events'
import { Agent, type ClientRequest, type IncomingMessage, request as openRequest } from 'node:http'
import { pipeline } from 'node:stream'
import { type HttpCall, hasBody, refuse } from './http-call.ts'

const agent = new Agent({ keepAlive: true })
const notForwarded = new Set(
  'connection keep-alive proxy-authenticate proxy-authorization te trailer transfer-encoding upgrade expect host'.split(
    ' ',
  ),
)

/** Opens the same request at the library's server, under the invocation's id; its body is still to be sent. */
export function openUpstream({ request }: HttpCall, streamTo: string, invocationId: string): ClientRequest {
  const { hostname, port } = new URL(streamTo)
  const { method = 'GET', url } = request
  const isChunked = request.headers['transfer-encoding'] !== undefined
  const isEmpty = !hasBody(request) && !/^(GET|HEAD)$/.test(method)
  const headers = {
    ...endToEnd(request.headersDistinct),
    ...(isChunked && { 'transfer-encoding': 'chunked' }),
    ...(isEmpty && { 'content-length': '0' }),
    'x-ms-invocation-id': invocationId,
    'x-forwarded-host': request.headers.host ?? 'localhost',
    'x-forwarded-proto': 'http',
  }
  const upstream = openRequest({ agent, hostname, port, method, path: url, headers })
  // Whoever waits for the answer learns of a failure there; here it must only not end the process.
  upstream.on('error', () => undefined)
  upstream.flushHeaders()
  return upstream
}

/** Whether the head of the request is on its way to the library; false when it cannot be sent. */
export async function delivered(upstream: ClientRequest): Promise<boolean> {
  try {
    if (upstream.socket === null) await once(upstream, 'socket')
    const socket = upstream.socket
    if (socket === null || socket.destroyed) return false
    if (socket.connecting) await once(socket, 'connect')
    // Behind the head, which is written once there is a connection.
    return await new Promise(resolve => socket.write('', error => resolve(!error)))
  } catch {
    // The connection failed or the client has gone: what the caller asks.
    return false
  }
}

/** Passes the body on as fast as the function reads it. */
export function sendBody(call: HttpCall, upstream: ClientRequest, bytesMax: number): void {
  const { request, response } = call
  if (!hasBody(request)) {
    upstream.end()
    return
  }
  if (request.headers.expect !== undefined) response.writeContinue()
  let bytes = 0
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes <= bytesMax) return
    refuse(call, 413)
    upstream.destroy()
  })
  request.pipe(upstream)
}

/** Passes the answer on as fast as the client reads it, unless the client has been answered already. */
export function relay(answer: IncomingMessage, { response }: HttpCall): void {
  if (response.headersSent) {
    answer.resume()
    return
  }
  response.writeHead(answer.statusCode ?? 200, endToEnd(answer.headersDistinct))
  response.flushHeaders()
  // An answer that breaks off breaks off for the client as well; a client that has gone is seen by its request.
  pipeline(answer, response, () => undefined)
}

/** Ends what the library still reads or writes of a request the client has left or been answered. */
export function release({ request, response }: HttpCall, upstream: ClientRequest): void {
  if (response.writableFinished && request.complete) return
  upstream.destroy()
  request.unpipe(upstream)
  request.resume()
}

function endToEnd(headers: NodeJS.Dict<string[]>): NodeJS.Dict<string[]> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !notForwarded.has(name)))
}
