import type { HttpData, TypedData } from '../app/core-types.ts'
import type { BindingData } from './binding-expression.ts'

/**
 * What names in the binding expressions of an output stand for. Of HTTP: the properties of a JSON body, then query and route
 * parameters, which go before it, and whole `query` and `headers`. Of other triggers: their metadata, then the properties of
 * a JSON message, which go before it. Source: Azure/azure-functions-host, WorkerFunctionInvoker.cs, TransformInput(), and
 * learn.microsoft.com/azure/azure-functions/functions-bindings-expressions-patterns
 */
export function bindingDataOf(data: TypedData, triggerMetadata: Record<string, TypedData> = {}): BindingData {
  if (data.http !== undefined) return httpData(data.http)
  const metadata = Object.entries(triggerMetadata).map(([name, value]): [string, unknown] => [name, plainValue(value)])
  return merged(Object.fromEntries(metadata), jsonObject(data.string))
}

function httpData({ body, query = {}, params = {}, headers = {} }: HttpData): BindingData {
  const { bytes, string } = body ?? {}
  const parameters = Object.fromEntries(Object.entries(query).filter(([name]) => name.toLowerCase() !== 'code'))
  const fromBody = jsonObject(string ?? (bytes && Buffer.from(bytes).toString('utf8')))
  return merged(merged(merged(fromBody, parameters), params), { query, headers })
}

/** Later names replace earlier ones that differ in case only. */
function merged(earlier: BindingData, later: BindingData): BindingData {
  const names = new Set(Object.keys(later).map(name => name.toLowerCase()))
  const kept = Object.entries(earlier).filter(([name]) => !names.has(name.toLowerCase()))
  return { ...Object.fromEntries(kept), ...later }
}

/** The properties of a text that is a JSON object; text that is none has no names to offer. */
function jsonObject(text: string | undefined): BindingData {
  if (text === undefined || !/^\s*\{/.test(text)) return {}
  try {
    return JSON.parse(text) as BindingData
  } catch {
    return {}
  }
}

function plainValue({ string, json, int }: TypedData): unknown {
  if (string !== undefined) return string
  if (json !== undefined) return JSON.parse(json)
  return typeof int === 'object' ? int.high * 2 ** 32 + (int.low >>> 0) : int
}
