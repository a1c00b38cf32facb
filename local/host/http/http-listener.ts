import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Invoker } from '../app/invoker.ts'
import type { HostConfig } from '../settings/host-json.ts'
import type { LogLine } from '../workers/log-line.ts'
import type { HttpPlan } from '../workers/messages.ts'
import type { AdminActions } from './admin.ts'
import { answerRequest, type HostService } from './answer-request.ts'
import { answersCors, type Cors } from './cors.ts'
import { refuse } from './http-call.ts'
import type { KeyRing } from './key-ring.ts'
import { compileRoute } from './route.ts'
import { throttle } from './throttle.ts'

export interface Listener {
  port?: number
  /** Takes no new work; what is running goes on. */
  stop(): Promise<void>
  /** Ends connections once nothing is running any more. */
  close(): Promise<void>
  /** Runs the function now, as by hand; missing where it is called over HTTP. */
  trigger?(input: string | undefined): void
}

/** Connections that wait to be taken, as the kernel allows: beyond, a client is reset once the system gives up on it. */
const backlog = 4_096

interface HttpOptions {
  plans: HttpPlan[]
  host: string
  port: number
  keys: KeyRing
  invoker: Invoker
  admin: AdminActions
  config: HostConfig['http']
  cors: Cors | undefined
  streamTo: string | undefined
  hasHomePage: boolean
  bodyBytesMax: number
  /** An answer that has not begun by then is given up; the function goes on. */
  answerMsMax: number
  log(line: LogLine): void
}

/** Serves the HTTP functions and /admin; the first matching route in alphabetical order of names answers. */
export async function listenHttp(options: HttpOptions): Promise<Listener> {
  const { plans, host, port, config, cors, answerMsMax, log } = options
  const { maxConcurrentRequests: concurrentMax, maxOutstandingRequests: outstandingMax } = config
  const isThrottled = concurrentMax >= 0 || outstandingMax >= 0
  const service: HostService = {
    ...options,
    endpoints: plans.map(plan => ({ plan, ...compileRoute(plan.route, plan.name) })),
    throttle: isThrottled ? throttle({ concurrentMax, outstandingMax }) : undefined,
  }
  const customHeaders = Object.entries(config.customHeaders)
  const open = new Set<ServerResponse>()
  const serve = (request: IncomingMessage, response: ServerResponse) => {
    open.add(response)
    // What a function sets itself replaces these.
    for (const [name, value] of customHeaders) response.setHeader(name, value)
    const frontEnd = setTimeout(giveUp, answerMsMax, request, response)
    response.once('close', () => {
      clearTimeout(frontEnd)
      open.delete(response)
    })
    if (cors && answersCors(request, response, cors)) return
    answerRequest(request, response, service).catch((error: Error) => {
      if (request.destroyed && !request.complete) response.destroy()
      else fail(request, response, error, log)
    })
  }
  const server = createServer(serve)
  // A client that asks for leave to send its body gets it when the body is read, not from a request that is refused.
  server.on('checkContinue', serve)
  // Longer than clients and proxies keep idle connections, so that the client is the one to close.
  server.keepAliveTimeout = 130_000
  server.requestTimeout = 230_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen({ port, host, backlog }, () => resolve())
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

/** As the load balancer in front of Azure's hosts does; an answer that has begun is left alone. */
function giveUp(request: IncomingMessage, response: ServerResponse): void {
  if (response.headersSent) return
  response.shouldKeepAlive = false
  refuse({ request, response }, 502)
}

/** An answer that cannot be sent, such as one with a cookie that no header can hold. */
function fail(request: IncomingMessage, response: ServerResponse, error: Error, log: (line: LogLine) => void): void {
  const message = `${request.method} ${request.url} cannot be answered: ${error.stack ?? error.message}`
  log({ level: 'error', category: 'system', message })
  if (response.headersSent) response.destroy()
  else refuse({ request, response }, 500)
}
