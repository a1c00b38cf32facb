import type { z } from 'zod'
import { AppError, type ErrorCode, type FieldError, fieldErrors } from '../schemas/errors.ts'
import type { ApiRequest } from './request.ts'

const defaultBodyLimitBytes = 64 * 1024

export interface RequestSchemas<Path extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> {
  path: Path
  query: Query
  body?: Body
  bodyLimitBytes?: number
}

/** The request's parts, checked. @throws AppError `invalid_path`, `invalid_query` or `invalid_body`, with every finding */
export async function parseRequest<Path extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType>(
  schemas: RequestSchemas<Path, Query, Body>,
  request: ApiRequest,
): Promise<{ path: z.output<Path>; query: z.output<Query>; body: z.output<Body> | undefined }> {
  const path = parsed(schemas.path, request.path, 'invalid_path')
  const query = parsed(schemas.query, request.query, 'invalid_query')
  if (!schemas.body) return { path, query, body: undefined }
  return { path, query, body: await parseBody({ ...schemas, body: schemas.body }, request) }
}

/** The request's body, checked. @throws AppError `invalid_body`, with every finding, or `body_too_large` */
export async function parseBody<Body extends z.ZodType>(
  { body, bodyLimitBytes = defaultBodyLimitBytes }: { body: Body; bodyLimitBytes?: number | undefined },
  request: ApiRequest,
): Promise<z.output<Body>> {
  return parsed(body, parsedJson(await request.body(bodyLimitBytes)), 'invalid_body')
}

function parsed<Schema extends z.ZodType>(schema: Schema, raw: unknown, code: ErrorCode): z.output<Schema> {
  const result = schema.safeParse(raw)
  if (result.success) return result.data
  const errors = fieldErrors(result.error, raw)
  throw new AppError(code, sentence(code, errors), errors)
}

/** An empty body is an empty object: a POST that needs nothing may send nothing. */
function parsedJson(bytes: Uint8Array): unknown {
  const text = new TextDecoder().decode(bytes)
  if (text.trim() === '') return {}
  try {
    return JSON.parse(text)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    const found: FieldError = { code: 'not_json', field: '(body)', value: text.slice(0, 200), reason }
    throw new AppError('invalid_body', `The body must be JSON: ${reason}`, [found])
  }
}

function sentence(code: ErrorCode, errors: readonly FieldError[]): string {
  const [first] = errors
  const part = code === 'invalid_path' ? 'path' : code === 'invalid_query' ? 'query' : 'body'
  if (!first) return `The ${part} is not valid`
  const value = first.value === null ? '' : `: current value is ${JSON.stringify(first.value)}`
  return `The ${part} is not valid as ${first.field} ${first.reason}${value}`
}
