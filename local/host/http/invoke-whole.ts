import { type HttpCall, type HttpService, refuse } from './http-call.ts'
import { sendHttpData, toHttpData } from './http-data.ts'
import { readBody } from './read-body.ts'

/** Calls a function with the whole request in memory, and sends its whole answer: as Azure does without HTTP streams. */
export async function invokeWhole(call: HttpCall, { invoker, bodyBytesMax }: HttpService): Promise<void> {
  const { request, response, plan, params, query } = call
  // Azure hands over a body only when its length was announced: a chunked one arrives empty.
  const isAnnounced = request.headers['content-length'] !== undefined
  const body = isAnnounced ? await readBody(call, bodyBytesMax) : undefined
  if (body === 'too-large') {
    refuse(call, 413)
    return
  }
  const { traceparent, tracestate } = request.headers
  const outcome = await invoker.invoke({
    functionName: plan.name,
    bindingName: plan.bindingName,
    data: { http: toHttpData(request, { params, query, body }) },
    traceParent: typeof traceparent === 'string' ? traceparent : undefined,
    traceState: typeof tracestate === 'string' ? tracestate : undefined,
  })
  // The front end may have given up waiting meanwhile.
  if (response.headersSent) return
  if (outcome.type === 'succeeded') sendHttpData(response, outcome.response.returnValue)
  else refuse(call, 500)
}
