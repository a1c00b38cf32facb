import { createHmac } from 'node:crypto'

export interface RawAnswer {
  status: number
  headers: Headers
  body: string
}

/** A request as the REST reference writes it, for what the SDK would not send; signed by the account's key unless told otherwise. */
export async function rawRequest(
  account: { endpoint: string; key: string },
  request: {
    method: string
    /** From the account on, such as `dbs/shop/colls/items`. */
    path: string
    headers?: Record<string, string>
    body?: string
    key?: string
    date?: Date
    unsigned?: boolean
  },
): Promise<RawAnswer> {
  const date = (request.date ?? new Date()).toUTCString()
  const headers: Record<string, string> = { 'x-ms-date': date, 'x-ms-version': '2020-07-15', ...request.headers }
  if (request.unsigned !== true) headers.authorization = signature(request, request.key ?? account.key, date)
  const { method, body } = request
  const answer = await fetch(new URL(request.path, account.endpoint), {
    method,
    headers,
    ...(body !== undefined && { body }),
  })
  return { status: answer.status, headers: answer.headers, body: await answer.text() }
}

// Source: Microsoft, "Access control on Azure Cosmos DB resources", constructing the hashed token signature.
function signature({ method, path }: { method: string; path: string }, key: string, date: string): string {
  const segments = path.split('/').filter(segment => segment !== '')
  const ofItem = segments.length % 2 === 0
  const type = ofItem ? segments.at(-2) : segments.at(-1)
  // An offer is signed by its id alone.
  const ofOffer = segments[0] === 'offers' ? (segments[1] ?? '').toLowerCase() : undefined
  const link = ofOffer ?? (ofItem ? segments : segments.slice(0, -1)).join('/')
  const text = `${method.toLowerCase()}\n${type ?? ''}\n${link}\n${date.toLowerCase()}\n\n`
  const sig = createHmac('sha256', Buffer.from(key, 'base64')).update(text).digest('base64')
  return encodeURIComponent(`type=master&ver=1.0&sig=${sig}`)
}
