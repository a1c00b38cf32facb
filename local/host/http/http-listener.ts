import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Invoker } from '../app/invoker.ts'
import type { HttpPlan } from '../workers/messages.ts'
import { type AdminActions, type AdminAnswer, answerAdmin } from './admin.ts'
import { type HostKeys, keyOpens } from './host-keys.ts'
import { sendHttpData, toHttpData } from './http-data.ts'
import { compileRoute, type Route } from './route.ts'

export const bodyBytesMax = 104_857_600

export interface Listener {
  port?: number
  /** Takes no new work; what is running goes on. */
  stop(): Promise<void>
  /** Ends connections once nothing is running any more. */
  close(): Promise<void>
  /** Runs the function now, as by hand; missing where it is called over HTTP. */
  trigger?(input: string | undefined): void
}

interface HttpOptions {
  plans: HttpPlan[]
  host: string
  port: number
  keys: HostKeys
  invoker: Invoker
  admin: AdminActions
}

interface Endpoint extends Route {
  plan: HttpPlan
}

/** Serves the HTTP functions and /admin; the first matching route in alphabetical order of names answers. */
export async function listenHttp({ plans, host, port, keys, invoker, admin }: HttpOptions): Promise<Listener> {
  const endpoints = plans.map(plan => ({ plan, ...compileRoute(plan.route, plan.name) }))
  const open = new Set<ServerResponse>()
  const server = createServer((request, response) => {
    open.add(response)
    response.once('close', () => open.delete(response))
    answer(request, response, { endpoints, keys, invoker, admin }).catch(error => {
      // Only a request that broke off while its body was read gets here.
      response.destroy(error instanceof Error ? error : undefined)
    })
  })
  // Longer than clients and proxies keep idle connections, so that the client is the one to close.
  server.keepAliveTimeout = 130_000
  server.requestTimeout = 230_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, () => resolve())
  })
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      server.close()
      server.closeIdleConnections()
      for (const response of open) response.shouldKeepAlive = false
    },
    close: async () => {
      // An invocation that is done may still have its answer on the way.
      await Promise.all(Array.from(open, response => once(response, 'close')))
      server.closeAllConnections()
    },
  }
}

interface Service extends Pick<HttpOptions, 'keys' | 'invoker' | 'admin'> {
  endpoints: Endpoint[]
}

async function answer(request: IncomingMessage, response: ServerResponse, service: Service): Promise<void> {
  const url = request.url ?? '/'
  const mark = url.indexOf('?')
  const path = (mark < 0 ? url : url.slice(0, mark)).replace(/^\//, '')
  const query = mark < 0 ? '' : url.slice(mark + 1)
  if (path.startsWith('admin/')) {
    const body = await readBody(request, bodyBytesMax)
    sendJson(response, await answerAdmin({ method: request.method ?? 'GET', path, body }, service.admin))
    return
  }
  const found = findEndpoint(service.endpoints, request.method ?? 'GET', path)
  if (found === undefined) {
    refuse(request, response, 404)
    return
  }
  const { plan, params } = found
  if (!keyOpens(service.keys, plan.authLevel, requestKey(request, query, plan))) {
    refuse(request, response, 401)
    return
  }
  const body = await readBody(request, bodyBytesMax)
  if (body === 'too-large') {
    refuse(request, response, 413)
    return
  }
  const { traceparent, tracestate } = request.headers
  const outcome = await service.invoker.invoke({
    functionName: plan.name,
    bindingName: plan.bindingName,
    data: { http: toHttpData(request, { params, query, body }) },
    traceParent: typeof traceparent === 'string' ? traceparent : undefined,
    traceState: typeof tracestate === 'string' ? tracestate : undefined,
  })
  if (outcome.type === 'succeeded') sendHttpData(response, outcome.response.returnValue)
  else response.writeHead(500, { 'content-length': 0 }).end()
}

function findEndpoint(endpoints: Endpoint[], method: string, path: string) {
  for (const { plan, match } of endpoints) {
    if (plan.methods.length > 0 && !plan.methods.includes(method)) continue
    const params = match(path)
    if (params !== undefined) return { plan, params }
  }
  return undefined
}

function requestKey(request: IncomingMessage, query: string, plan: HttpPlan): string | undefined {
  if (plan.authLevel === 'anonymous') return undefined
  const header = request.headers['x-functions-key']
  return typeof header === 'string' ? header : (new URLSearchParams(query).get('code') ?? undefined)
}

function sendJson(response: ServerResponse, { status, body }: AdminAnswer): void {
  const bytes = Buffer.from(body === undefined ? '' : JSON.stringify(body))
  response.writeHead(status, { 'content-length': bytes.length, 'content-type': 'application/json' }).end(bytes)
}

/** Answers without a body; the connection closes when the request's body was not read, as reading on would be pointless. */
function refuse(request: IncomingMessage, response: ServerResponse, status: number): void {
  const unread = !request.complete && (request.headers['content-length'] ?? '0') !== '0'
  response.writeHead(status, { 'content-length': 0, ...(unread && { connection: 'close' }) }).end()
  if (unread) request.resume()
}

/** The body's bytes, or undefined when the request has none. */
async function readBody(request: IncomingMessage, bytesMax: number): Promise<Buffer | 'too-large' | undefined> {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers
  if (encoding === undefined && (length === undefined || length === '0')) return undefined
  if (Number(length) > bytesMax) return 'too-large'
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length
    if (bytes > bytesMax) return 'too-large'
    chunks.push(chunk)
  }
  const [first] = chunks
  return chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks)
}
