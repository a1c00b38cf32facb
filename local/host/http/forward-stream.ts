import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { finished } from 'node:stream'
import type { TypedData } from '../app/core-types.ts'
import type { Outcome } from '../app/invoker.ts'
import { type HttpCall, type HttpService, refuse } from './http-call.ts'
import { joinedHeaders } from './http-data.ts'
import { delivered, openUpstream, relay, release, sendBody } from './stream-upstream.ts'

// An answer written in this process arrives at once; later than this, none was ever begun.
const headMsMax = 1_000

/**
 * Calls a function of an app with HTTP streams: the invocation goes without the request, which the library meets at its own
 * server, forwarded under the invocation's id and streamed in both directions.
 * @param streamTo address of the library's server
 */
export async function forwardStream(call: HttpCall, service: HttpService, streamTo: string): Promise<void> {
  const { request, response, plan } = call
  if (Number(request.headers['content-length'] ?? 0) > service.bodyBytesMax) {
    refuse(call, 413)
    return
  }
  const invocationId = randomUUID()
  const upstream = openUpstream(call, streamTo, invocationId)
  const head = headOf(upstream, call)
  response.once('close', () => release(call, upstream))
  // The library waits without end for a request that never reaches it, so the function is called once it is on its way.
  if (!(await delivered(upstream))) {
    refuse(call, 500)
    return
  }
  sendBody(call, upstream, service.bodyBytesMax)
  const { traceparent } = request.headers
  const outcome = await service.invoker.invoke({
    invocationId,
    functionName: plan.name,
    bindingName: plan.bindingName,
    data: { http: {} },
    triggerMetadata: metadataOf(call),
    traceParent: typeof traceparent === 'string' ? traceparent : undefined,
  })
  await settle({ call, upstream, head, outcome, service, invocationId })
}

/** Resolves with whether the library's answer has begun; from then on it flows to the client. */
async function headOf(upstream: ClientRequest, call: HttpCall): Promise<boolean> {
  try {
    const [answer]: IncomingMessage[] = await once(upstream, 'response')
    if (answer !== undefined) relay(answer, call)
    return answer !== undefined
  } catch {
    // The forwarded request broke off: because the client left, because the function failed, or by itself.
    refuse(call, 500)
    return false
  }
}

interface Settling {
  call: HttpCall
  upstream: ClientRequest
  head: Promise<boolean>
  outcome: Outcome
  service: HttpService
  invocationId: string
}

/** Sees to it that the client gets an answer or the end of it, whatever became of the invocation. */
async function settle({ call, upstream, head, outcome, service, invocationId }: Settling): Promise<void> {
  const { response, plan } = call
  if (outcome.type !== 'succeeded') {
    // The library leaves the request of a failed function open. An answer that had begun is cut, so that it shows.
    if (response.headersSent && !response.writableEnded) response.destroy()
    refuse(call, 500)
    upstream.destroy()
    return
  }
  if (!response.closed && !(await begins(head))) {
    const message = `Function "${plan.name}" returned nothing: with HTTP streams Azure never answers such a request`
    service.log({ level: 'error', category: 'system', functionName: plan.name, invocationId, message })
    refuse(call, 500)
    upstream.destroy()
    return
  }
  if (!response.closed) await new Promise<void>(resolve => finished(response, () => resolve()))
}

function begins(head: Promise<boolean>): Promise<boolean> {
  return new Promise(resolve => {
    // What has arrived is read before setImmediate() calls back, however long the event loop was busy.
    const timer = setTimeout(() => setImmediate(resolve, false), headMsMax)
    head.then(begun => {
      clearTimeout(timer)
      resolve(begun)
    })
  })
}

/** The library takes headers and route parameters from here, and everything else from the forwarded request. */
function metadataOf({ request, params }: HttpCall): Record<string, TypedData> {
  const texts = Object.entries(params).map(([name, value]) => [name, { string: value }])
  return { ...Object.fromEntries(texts), Headers: { json: JSON.stringify(joinedHeaders(request)) } }
}
