import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HttpPlan } from '../workers/messages.ts'
import type { AdminActions, AdminAnswer } from './admin.ts'
import { answerAdmin } from './answer-admin.ts'
import { forwardStream } from './forward-stream.ts'
import { type HttpService, refuse } from './http-call.ts'
import { invokeWhole } from './invoke-whole.ts'
import { type KeyRing, opens } from './key-ring.ts'
import { readBody } from './read-body.ts'
import { type Route, textsOf } from './route.ts'
import type { Throttle } from './throttle.ts'

interface Endpoint extends Route {
  plan: HttpPlan
}

export interface HostService extends HttpService {
  endpoints: Endpoint[]
  keys: KeyRing
  admin: AdminActions
  throttle: Throttle | undefined
  /** Whether "/" tells that the app runs, unless it is a function's. */
  hasHomePage: boolean
  /** Address of the library's own server when the app streams. */
  streamTo: string | undefined
}

interface Target {
  request: IncomingMessage
  response: ServerResponse
  path: string
  query: string
}

/** Answers one request: the administration, a function, or nothing that matches. */
export async function answerRequest(request: IncomingMessage, response: ServerResponse, service: HostService) {
  const url = request.url ?? '/'
  const mark = url.indexOf('?')
  const path = (mark < 0 ? url : url.slice(0, mark)).replace(/^\//, '')
  const target = { request, response, path, query: mark < 0 ? '' : url.slice(mark + 1) }
  if (/^admin\//i.test(path)) {
    await administer(target, service)
    return
  }
  if (service.throttle === undefined) {
    await answerFunction(target, service)
    return
  }
  const run = service.throttle.run(() => answerFunction(target, service))
  if (run === undefined) refuse(target, 429)
  else await run
}

async function answerFunction(target: Target, service: HostService): Promise<void> {
  const { request, response, path, query } = target
  // It may have waited for its turn longer than the front end did.
  if (response.headersSent) return
  const found = findEndpoint(service.endpoints, request.method ?? 'GET', path)
  if (found === undefined) {
    if (path === '') sendHome(response, service.hasHomePage)
    else refuse(target, 404)
    return
  }
  const { plan, params } = found
  const isOpen = plan.authLevel === 'anonymous'
  if (!isOpen && !opens(service.keys.levelOf(keyOf(request, query), plan.name), plan.authLevel)) {
    refuse(target, 401)
    return
  }
  const call = { request, response, plan, params, query }
  if (service.streamTo === undefined) await invokeWhole(call, service)
  else await forwardStream(call, service, service.streamTo)
}

async function administer(target: Target, { admin, keys, bodyBytesMax }: HostService): Promise<void> {
  const { request, response, path, query } = target
  const level = keys.levelOf(keyOf(request, query))
  // A body is read only from those who may send one.
  const body = level === 'admin' ? await readBody(target, bodyBytesMax) : undefined
  if (body === 'too-large') {
    refuse(target, 413)
    return
  }
  const baseUrl = `http://${request.headers.host ?? 'localhost'}`
  const { method = 'GET', headers } = request
  const contentType = headers['content-type']
  const answer = await answerAdmin({ method, path, baseUrl, level, contentType, body }, { actions: admin, keys })
  if (answer.body === undefined) refuse(target, answer.status)
  else sendBody(response, answer)
}

function findEndpoint(endpoints: Endpoint[], method: string, path: string) {
  const texts = textsOf(path)
  if (texts === undefined) return undefined
  for (const { plan, matchTexts } of endpoints) {
    if (plan.methods.length > 0 && !plan.methods.includes(method)) continue
    const params = matchTexts(texts)
    if (params !== undefined) return { plan, params }
  }
  return undefined
}

/** The header goes before the query, also when it is empty; the query's name matches in any case. */
function keyOf(request: IncomingMessage, query: string): string | undefined {
  const header = request.headersDistinct['x-functions-key']
  if (header !== undefined) return header[0]
  for (const [name, value] of new URLSearchParams(query)) if (name.toLowerCase() === 'code') return value
  return undefined
}

function sendHome(response: ServerResponse, hasHomePage: boolean): void {
  if (!hasHomePage) {
    response.writeHead(204).end()
    return
  }
  const page =
    '<!DOCTYPE html><html lang="en"><title>Functions</title><p>This function app is up and running.</p></html>'
  response.writeHead(200, { 'content-type': 'text/html', 'content-length': page.length }).end(page)
}

function sendBody(response: ServerResponse, { status, body, location }: AdminAnswer): void {
  if (response.headersSent) return
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  const type = typeof body === 'string' ? 'text/plain' : 'application/json'
  const headers = { 'content-type': `${type}; charset=utf-8`, 'content-length': bytes.length }
  response.writeHead(status, { ...headers, ...(location !== undefined && { location }) }).end(bytes)
}
