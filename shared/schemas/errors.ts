import type { z } from 'zod'
import { nearestName } from './nearest-name.ts'

/** What went wrong, in the words of the API: the HTTP binding alone turns a code into a status. */
export const errorCodes = {
  invalid_body: 400,
  invalid_header: 400,
  invalid_path: 400,
  invalid_query: 400,
  unauthenticated: 401,
  forbidden: 403,
  unknown_item: 404,
  unknown_user: 404,
  unknown_job: 404,
  not_found: 404,
  already_exists: 409,
  job_running: 409,
  not_live: 409,
  not_restartable: 409,
  nothing_to_roll_back: 409,
  too_many_keys: 409,
  /** The first call with the same idempotency key is still at work. */
  request_in_progress: 409,
  precondition_failed: 412,
  body_too_large: 413,
  url_too_long: 414,
  unsupported_media_type: 415,
  range_not_satisfiable: 416,
  idempotency_key_reused: 422,
  too_many_requests: 429,
  not_ready: 503,
  unavailable: 503,
} as const
export type ErrorCode = keyof typeof errorCodes

export interface FieldError {
  code: string
  field: string
  value: unknown
  reason: string
}

/** An expected failure: the caller did something that can be named, or must come back later. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly errors: readonly FieldError[]
  /** When it is of use to come back. */
  readonly retryAfterSeconds: number | undefined

  constructor(
    code: ErrorCode,
    message: string,
    errors: readonly FieldError[] = [],
    { retryAfterSeconds, cause }: { retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(message, { cause })
    this.name = 'AppError'
    this.code = code
    this.errors = errors
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/**
 * Every finding of a failed parse as field, value and reason; values are cut to stay readable.
 * @param known names of the fields there are, for who misspelt one
 */
export function fieldErrors(error: z.ZodError, input: unknown, known: readonly string[] = []): FieldError[] {
  return error.issues.flatMap(issue => {
    const value = valueAt(input, issue.path)
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map(key => ({
        ...unknownField(key, valueAt(value, [key]), issue.path.length === 0 ? known : []),
        field: pathText([...issue.path, key]),
      }))
    }
    return {
      code: value === undefined ? 'missing' : 'invalid',
      field: issue.path.length === 0 ? '(body)' : pathText(issue.path),
      value: shortened(value),
      reason: value === undefined && issue.path.length > 0 ? `is missing: ${issue.message}` : issue.message,
    }
  })
}

/** What was sent under a name that is not known. */
export function unknownField(name: string, value: unknown, known: readonly string[]): FieldError {
  const nearest = nearestName(name, known)
  const reason = `is not known here${nearest === undefined ? '' : `: did you mean ${nearest}?`}`
  return { code: 'unknown', field: name.slice(0, 200), value: shortened(value), reason }
}

/** As in the shop's own code: `filters[0].expression`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`
    return text === '' ? String(key) : `${text}.${String(key)}`
  }, '')
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input
  for (const [depth, key] of path.entries()) {
    if (typeof value !== 'object' || value === null) return undefined
    const record: Partial<Record<PropertyKey, unknown>> = value
    value = record[key] ?? (depth === 0 && key === 'item_id' ? record.product_id : undefined)
  }
  return value
}

function shortened(value: unknown): unknown {
  if (value === undefined) return null
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  if (text.length <= 200) return value
  return `${text.slice(0, 200)}…`
}

/** A statement that the database refused: its reason and the statement. */
export class SqlError extends Error {
  override readonly name = 'SqlError'
}
