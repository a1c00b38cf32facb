import { Agent, createServer, request as httpRequest, IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream/promises'
import type { Operation } from './armed-rule.ts'
import type { HttpFaults } from './fault-plan.ts'
import { type StatusFault, underFault } from './http-fault.ts'

interface ProxyOptions {
  /** 0 takes a free port. */
  port: number
  targetPort: number
  faults: HttpFaults
  /** A request, and a new connection, by what the rules can tell apart. */
  operationOf: (request: IncomingMessage) => Operation
  connection?: Operation
  /** Answers with a status as the service behind it words its refusals. */
  refuse: (response: ServerResponse, fault: StatusFault) => void
}

/**
 * Stands before a server that does not show faults itself. Requests and answers stream through as they are, so that
 * signatures hold: they cover the path and the headers, which stay, and not the port.
 */
export async function startFaultProxy(options: ProxyOptions): Promise<{ port: number; close(): Promise<void> }> {
  const { port, faults, connection } = options
  const agent = new Agent({ keepAlive: true })
  const server = createServer({ keepAliveTimeout: 65_000, noDelay: true }, (request, response) => {
    // Either side may end the connection in the middle: the other one then sees the same.
    serve(request, response, { ...options, agent }).catch(() => response.destroy())
  })
  server.on('connection', socket => faults.refuses(connection) && socket.resetAndDestroy())
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve)
  })
  // A TCP server's address is an object; only pipes have a text.
  const { port: taken } = server.address() as AddressInfo
  return {
    port: taken,
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
  { targetPort, faults, operationOf, refuse, agent }: ProxyOptions & { agent: Agent },
): Promise<void> {
  let answered: IncomingMessage | undefined
  const work = async () => {
    answered = await forwarded(request, { targetPort, agent })
    return answered
  }
  const fault = faults.take(operationOf(request))
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
