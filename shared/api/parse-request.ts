import type { z } from 'zod'
import { AppError, type ErrorCode, type FieldError, fieldErrors } from '../schemas/errors.ts'
import { NoPath, NoQuery } from '../schemas/requests.ts'
import type { ApiRequest } from './request.ts'

const defaultBodyLimitBytes = 64 * 1024

/** What is left out may hold nothing. */
export interface RequestSchemas<
  Path extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
> {
  path?: Path
  query?: Query
  body?: Body
  /** The form of a body that is only checked further in, piece by piece: for the documentation alone. */
  bodyForm?: z.ZodType
  bodyLimitBytes?: number
}

export interface Parsed<Path extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> {
  path: z.output<Path>
  query: z.output<Query>
  body: z.output<Body>
}

/** The request's parts, checked. @throws AppError `invalid_path`, `invalid_query` or `invalid_body`, with every finding */
export async function parseRequest<Path extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType>(
  schemas: RequestSchemas<Path, Query, Body>,
  request: ApiRequest,
): Promise<Parsed<Path, Query, Body>> {
  const path = parsed(schemas.path ?? NoPath, request.path, 'invalid_path')
  const query = parsed(schemas.query ?? NoQuery, request.query, 'invalid_query')
  const body = schemas.body && (await parseBody(schemas.body, request, schemas.bodyLimitBytes))
  return { path, query, body } as Parsed<Path, Query, Body>
}

async function parseBody(
  schema: z.ZodType,
  request: ApiRequest,
  limitBytes: number = defaultBodyLimitBytes,
): Promise<unknown> {
  return parsed(schema, parsedJson(await request.body(limitBytes)), 'invalid_body')
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
