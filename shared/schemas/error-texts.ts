import type { ErrorCode } from './errors.ts'

interface ErrorText {
  /** What the code says happened. */
  meaning: string
  /** What the caller can do about it. */
  remedy: string
}

/** Every code an error can have, `internal` for what is our own fault, as `/docs/errors` explains it. */
export const errorTexts: Readonly<Record<ErrorCode | 'internal', ErrorText>> = {
  invalid_body: {
    meaning: 'The body is not JSON, or not what the operation takes.',
    remedy: 'Every finding is in errors, with field, value and reason: correct them all at once and send it again.',
  },
  invalid_header: {
    meaning: 'A header that the operation reads has a value it cannot have.',
    remedy: 'See errors for the header and its rule. A UUID makes a good idempotency-key.',
  },
  invalid_path: {
    meaning: 'An id or a name in the path is not one.',
    remedy: 'See errors for the rule. An id is percent-encoded and holds no / \\ ? # or control characters.',
  },
  invalid_query: {
    meaning: 'A parameter of the query has a value it cannot have, or a name that is not known.',
    remedy: 'See errors for each. A cursor belongs to the request it was given for: begin again without it.',
  },
  unauthenticated: {
    meaning: 'Nothing in the request proves who asks, or what was sent has expired or is no token of this shop.',
    remedy:
      'Send authorization: Bearer with a token, or a service key in x-api-key; fetch a new token if the old one ended.',
  },
  forbidden: {
    meaning: 'Who asks is known and may not: a role is missing, or a shopper asks about somebody else.',
    remedy: 'Ask for the role that the operation names. A shopper’s token opens only what is the shopper’s own.',
  },
  unknown_item: {
    meaning: 'The catalogue has no such product.',
    remedy: 'Ids are the shop’s own, in its case: list them at /api/products. New products are there within a second.',
  },
  unknown_user: {
    meaning: 'Nothing is known of such a user: no event, no order, no preference.',
    remedy: 'Lists are made for unknown users too; only what is known of them cannot be shown.',
  },
  unknown_job: {
    meaning: 'There is no job of this id.',
    remedy: 'The ids of jobs are at /api/batch/jobs.',
  },
  not_found: {
    meaning: 'There is no such thing at this path.',
    remedy: 'Look at the list it would be in, or at /docs for the paths there are.',
  },
  already_exists: {
    meaning: 'Something of this id is there already.',
    remedy: 'Take another id, or change what is there by PUT or PATCH.',
  },
  job_running: {
    meaning: 'A job of this kind is at work, and there is one of a kind at a time.',
    remedy: 'Follow it at /api/batch/status and start another one when it has ended.',
  },
  not_live: {
    meaning: 'The model to leave is not the one that is live, so that somebody else was faster.',
    remedy: 'Look at /api/models which one is live, and decide again.',
  },
  not_restartable: {
    meaning: 'The job is complete, or a later one began where it would go on.',
    remedy: 'Start a new job without restart.',
  },
  nothing_to_roll_back: {
    meaning: 'No earlier model is kept that could be made live.',
    remedy: 'Publish one by a refresh; the one before it can be gone back to.',
  },
  too_many_keys: {
    meaning: 'There are as many service keys as there can be.',
    remedy: 'Delete one that is no longer needed.',
  },
  request_in_progress: {
    meaning: 'The first request with this idempotency key is still at work.',
    remedy: 'Send it again a little later: the answer will be that of the first one.',
  },
  precondition_failed: {
    meaning: 'What was to be changed is not in the version that if-match names: somebody changed it in between.',
    remedy: 'Read it again, make the change on what it is now, and send its new etag.',
  },
  body_too_large: {
    meaning: 'The body is longer than the operation takes.',
    remedy: 'Send it in several parts: detail names the limit.',
  },
  url_too_long: {
    meaning: 'The address with its query is longer than is read.',
    remedy: 'Send less in the query; lists of many items can be asked for by POST.',
  },
  range_not_satisfiable: {
    meaning: 'The header range asks for bytes that the file does not have.',
    remedy: 'Ask without a range, or within the bytes that the export tells of the file.',
  },
  unsupported_media_type: {
    meaning: 'The body is compressed or of a type that is not taken.',
    remedy: 'Send JSON as application/json, not compressed.',
  },
  idempotency_key_reused: {
    meaning: 'The idempotency key was used before with another request.',
    remedy: 'Make a new key for each change; keep a key only to repeat the same request.',
  },
  too_many_requests: {
    meaning: 'More requests came from this caller or address than it may send.',
    remedy: 'Wait as many seconds as retry-after says.',
  },
  not_ready: {
    meaning: 'The shop has not published what the answer is made of.',
    remedy: 'Start a refresh, and ask again when /health says ready.',
  },
  unavailable: {
    meaning: 'Something the answer needs does not answer just now.',
    remedy: 'Send it again after as many seconds as retry-after says, or a few where it does not.',
  },
  internal: {
    meaning: 'Something broke on our side; it is in the log under the request’s id.',
    remedy: 'Send it again once. If it stays, tell us the request’s id.',
  },
}
