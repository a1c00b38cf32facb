import { z } from 'zod'
import { AppError, type ErrorCode, type FieldError, fieldErrors, unknownField } from '../schemas/errors.ts'
import { NoPath, NoQuery } from '../schemas/requests.ts'
import { parsedJson } from './json-body.ts'
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

/** How long a body may be. */
export const bodyLimitOf = ({ bodyLimitBytes = defaultBodyLimitBytes }: RequestSchemas): number => bodyLimitBytes

/** The request's parts, checked. @throws AppError `invalid_path`, `invalid_query` or `invalid_body`, with every finding */
export async function parseRequest<Path extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType>(
  schemas: RequestSchemas<Path, Query, Body>,
  request: ApiRequest,
): Promise<Parsed<Path, Query, Body>> {
  const path = parsed(schemas.path ?? NoPath, request.path, 'invalid_path')
  const query = parsedQuery(schemas.query ?? NoQuery, request.query)
  const body = schemas.body && (await parseBody(schemas.body, request, bodyLimitOf(schemas)))
  return { path, query, body } as Parsed<Path, Query, Body>
}

/** The names of an object's fields; none of another schema. */
export function fieldNames(schema: z.ZodType): readonly string[] {
  if (schema instanceof z.ZodObject) return Object.keys(schema.shape)
  if (schema instanceof z.ZodPipe && schema.in instanceof z.ZodType) return fieldNames(schema.in)
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    const inner = schema.unwrap()
    if (inner instanceof z.ZodType) return fieldNames(inner)
  }
  return []
}

/** A parameter that is not known is a slip, and an answer without it would be to another question. */
function parsedQuery<Schema extends z.ZodType>(
  schema: Schema,
  query: Readonly<Record<string, string>>,
): z.output<Schema> {
  const known = fieldNames(schema)
  const unknown = Object.keys(query).filter(name => !known.includes(name))
  if (unknown.length === 0) return parsed(schema, query, 'invalid_query')
  const errors = unknown.slice(0, 20).map(name => unknownField(name, query[name], known))
  throw new AppError('invalid_query', sentence('invalid_query', errors), errors)
}

async function parseBody(schema: z.ZodType, request: ApiRequest, limitBytes: number): Promise<unknown> {
  const bytes = await request.body(limitBytes)
  if (bytes.length > 0) checkMediaType(request.headers.get('content-type'))
  return parsed(schema, parsedJson(bytes), 'invalid_body')
}

/** A page of another site can send a form or plain text without asking first, but no JSON. */
function checkMediaType(type: string | null): void {
  if (type !== null && /^application\/(?:[\w.-]+\+)?json\s*(?:;\s*charset="?utf-8"?\s*)?$/i.test(type)) return
  const now = type === null ? 'it is missing' : `current value is ${type.slice(0, 200)}`
  throw new AppError('unsupported_media_type', `The body must come as content-type application/json: ${now}`)
}

function parsed<Schema extends z.ZodType>(schema: Schema, raw: unknown, code: ErrorCode): z.output<Schema> {
  const result = schema.safeParse(raw)
  if (result.success) return result.data
  const errors = fieldErrors(result.error, raw, fieldNames(schema))
  throw new AppError(code, sentence(code, errors), errors)
}

function sentence(code: ErrorCode, errors: readonly FieldError[]): string {
  const [first] = errors
  const part = code === 'invalid_path' ? 'path' : code === 'invalid_query' ? 'query' : 'body'
  if (!first) return `The ${part} is not valid`
  const value = first.value === null ? '' : `: current value is ${JSON.stringify(first.value)}`
  return `The ${part} is not valid as ${first.field} ${first.reason}${value}`
}
