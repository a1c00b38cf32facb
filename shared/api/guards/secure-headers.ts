import type { Guard } from '../handle.ts'

/** What a browser is told of every answer; pages set their own policy, and what may be kept says so itself. */
const always = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
}

/** Puts on every answer, refusals too, what keeps browsers from misusing it, and the name of the request. */
export const secureHeaders: Guard = (_, next) => async request => {
  const { status, headers, body } = await next(request)
  return {
    status,
    headers: {
      ...always,
      ...headers,
      'x-request-id': request.id,
    },
    body,
  }
}
