import type { Call, Operation } from './call.ts'

/** The request of a call: fields of the input go where the operation has them, and what is undefined goes nowhere. */
export function requestOf(
  { method, path, query, hasBody }: Operation,
  input: object,
  { idempotencyKey, ifMatch }: Pick<Call, 'idempotencyKey' | 'ifMatch'>,
): { path: string; init: { method: string; headers: Headers; body?: string } } {
  const fields: Partial<Record<string, unknown>> = { ...input }
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(fields[name])))
  const asked = query.flatMap(name => {
    const value = fields[name]
    if (value === undefined || value === null) return []
    const text = Array.isArray(value)
      ? value.map(each => encodeURIComponent(String(each))).join(',')
      : encodeURIComponent(String(value))
    return [`${name}=${text}`]
  })
  const headers = new Headers({ accept: 'application/json' })
  if (idempotencyKey !== undefined) headers.set('idempotency-key', idempotencyKey)
  if (ifMatch !== undefined) headers.set('if-match', ifMatch)
  const whole = asked.length === 0 ? filled : `${filled}?${asked.join('&')}`
  if (!hasBody || fields.body === undefined) return { path: whole, init: { method, headers } }
  headers.set('content-type', 'application/json')
  return { path: whole, init: { method, headers, body: JSON.stringify(fields.body) } }
}
