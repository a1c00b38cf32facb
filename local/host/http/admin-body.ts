import type { AdminAnswer, AdminRequest } from './admin.ts'

/**
 * The JSON object in the body of an order, or the refusal: 415 when the body says to be something else, 400 when it is
 * missing or malformed.
 */
export function adminBody({ contentType, body }: AdminRequest): { json: Record<string, unknown> } | AdminAnswer {
  if (body === undefined) return { status: 400 }
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? ''
  if (!/^(application|text)\/([\w.-]+\+)?json$/.test(type)) return { status: 415 }
  let json: unknown
  try {
    json = JSON.parse(body.toString('utf8'))
  } catch {
    // Malformed JSON is what a 400 stands for.
    return { status: 400 }
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return { status: 400 }
  return { json: json as Record<string, unknown> }
}
