import { randomUUID } from 'node:crypto'
import { Agent, createServer, request as httpRequest, IncomingMessage, type ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { HttpFaults } from './fault-plan.ts'
import { type StatusFault, underFault } from './http-fault.ts'

interface ProxyOptions {
  service: 'blob' | 'queue'
  port: number
  targetPort: number
  faults: HttpFaults
}

/**
 * Stands before a storage service that cannot show faults itself. Requests and answers stream through as they are: a
 * signature covers the path and the headers, which stay, and not the port.
 */
export async function startFaultProxy(options: ProxyOptions): Promise<{ close(): Promise<void> }> {
  const { service, port, faults } = options
  const agent = new Agent({ keepAlive: true })
  const server = createServer({ keepAliveTimeout: 65_000, noDelay: true }, (request, response) => {
    // Either side may end the connection in the middle: the other one then sees the same.
    serve(request, response, { ...options, agent }).catch(() => response.destroy())
  })
  server.on('connection', socket => faults.refuses({ service }) && socket.resetAndDestroy())
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve)
  })
  return {
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
        agent.destroy()
      }),
  }
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  { service, targetPort, faults, agent }: ProxyOptions & { agent: Agent },
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://storage')
  const operation = {
    service,
    method: request.method,
    // Behind the account's name.
    path: pathname.replace(/^\/[^/]*\/?/, ''),
    comp: searchParams.get('comp') ?? undefined,
  }
  let answered: IncomingMessage | undefined
  const work = async () => {
    answered = await forwarded(request, { targetPort, agent })
    return answered
  }
  const fault = faults.take(operation)
  const answer: IncomingMessage | StatusFault | undefined =
    fault === undefined
      ? await work()
      : await underFault<IncomingMessage | StatusFault>(request, fault, { work, refuse: status => status })
  if (answer !== answered) answered?.resume()
  if (answer instanceof IncomingMessage) {
    const { connection, 'keep-alive': keepAlive, ...headers } = answer.headers
    response.writeHead(answer.statusCode ?? 502, headers)
    await pipeline(answer, response)
  } else if (answer !== undefined) {
    request.resume()
    refuse(response, answer)
  }
}

function forwarded(
  request: IncomingMessage,
  { targetPort, agent }: { targetPort: number; agent: Agent },
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { method, url, headers } = request
    const outgoing = httpRequest({ host: '127.0.0.1', port: targetPort, method, path: url, headers, agent })
    outgoing.once('response', resolve)
    outgoing.once('error', reject)
    pipeline(request, outgoing).catch(reject)
  })
}

const codes: Readonly<Record<number, string>> = { 500: 'InternalError', 503: 'ServerBusy' }

/** Source: Status and error codes, Azure Storage REST API. */
function refuse(response: ServerResponse, { status, retryAfterMs }: StatusFault): void {
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
