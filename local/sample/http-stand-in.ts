import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export type Received = { method: string; path: string; body: string; headers: IncomingMessage['headers']; atMs: number }

type Answer = { status: number; body?: unknown; headers?: Record<string, string> }

/** Listens on a free port of loopback, keeps what it was sent and answers as `respond` says; close it by `await using`. */
export async function httpStandIn(respond: (received: Received) => Answer | Promise<Answer>) {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    const { method = '', url: path = '', headers } = request
    const one = { method, path, body: await text(request), headers, atMs: performance.now() }
    received.push(one)
    const answer = await respond(one)
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers })
    response.end(answer.body === undefined ? undefined : JSON.stringify(answer.body))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  // A TCP server's address is an object; only pipes have a text.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    token: 'a-token',
    received,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

/** Answers as the interactions API does: events without a user are refused, each with its place in the request. */
export function interactionsAnswer({ body }: Received): Answer {
  const events: { user_id?: string; event_id?: string }[] = JSON.parse(body)
  const rejected = events.flatMap(({ user_id }, index) =>
    user_id === undefined ? [{ index, code: 'missing', field: 'user_id', value: null, reason: 'is missing' }] : [],
  )
  const good = events.filter(({ user_id }) => user_id !== undefined)
  if (good.length === 0)
    return { status: 400, body: { title: 'invalid_body', detail: 'Cannot accept', errors: rejected } }
  return { status: 202, body: { accepted: good.length, event_ids: good.map(({ event_id }) => event_id), rejected } }
}
