import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { AmqpFaults, HttpFaults } from './fault-plan.ts'

export interface FaultsServer {
  url: string
  close(): Promise<void>
}

/**
 * Lets a test change the faults of a running server, on a port of loopback of its own: PUT /faults replaces the rules, POST
 * adds some, GET reads them with their counts, DELETE removes them. Port 0 takes a free one.
 */
export async function startFaultsServer(plan: HttpFaults | AmqpFaults, port: number): Promise<FaultsServer> {
  const server = createServer((request, response) => {
    answer(plan, request).then(
      ({ status, body }) => send(response, status, body),
      (error: unknown) => send(response, 400, { error: error instanceof Error ? error.message : String(error) }),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve)
  })
  // A TCP server's address is an object; only pipes have a text.
  const { port: taken } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${taken}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(plan: HttpFaults | AmqpFaults, request: IncomingMessage) {
  const what = `${request.method} ${request.url}`
  switch (what) {
    case 'PUT /faults':
      plan.set(JSON.parse(await text(request)))
      return { status: 200, body: plan.read() }
    case 'POST /faults':
      plan.add(JSON.parse(await text(request)))
      return { status: 200, body: plan.read() }
    case 'GET /faults':
      return { status: 200, body: plan.read() }
    case 'DELETE /faults':
      plan.clear()
      return { status: 200, body: [] }
    default:
      return { status: 404, body: { error: `There is no ${what}: it must be GET, PUT, POST or DELETE /faults` } }
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
