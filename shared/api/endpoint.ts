import type { z } from 'zod'
import { parseBody, parseRequest, type RequestSchemas } from './parse-request.ts'
import type { ApiRequest } from './request.ts'

/** What an endpoint gives back: a value of its output schema, or text of a type of its own. */
export interface Answer<Output> {
  status?: number
  headers?: Record<string, string>
  body: Output
}

/** An operation of the API as a value: the HTTP binding and the documentation both read it. */
export interface Endpoint {
  name: string
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Like `/recommend/user/{id}`. */
  path: string
  auth: 'public' | 'admin'
  summary: string
  output: z.ZodType
  /** @throws AppError for what the caller did wrong */
  run(request: ApiRequest): Promise<Answer<unknown>>
}

interface Definition<Path extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType, Output extends z.ZodType>
  extends Omit<Endpoint, 'run' | 'output'> {
  input: RequestSchemas<Path, Query, Body>
  output: Output
  run(
    input: { path: z.output<Path>; query: z.output<Query>; body: z.output<Body> | undefined },
    request: ApiRequest,
  ): Promise<Answer<z.input<Output>>>
}

/** Ties the schemas of an endpoint to its `run`, which is then only called with input that was checked. */
export function endpoint<
  Path extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Output extends z.ZodType,
>({ input, run, ...rest }: Definition<Path, Query, Body, Output>): Endpoint {
  return { ...rest, run: async request => run(await parseRequest(input, request), request) }
}

interface PostDefinition<Body extends z.ZodType, Output extends z.ZodType>
  extends Omit<Endpoint, 'run' | 'output' | 'method'> {
  input: { body: Body; bodyLimitBytes?: number }
  output: Output
  run(body: z.output<Body>): Promise<Answer<z.input<Output>>>
}

/** As `endpoint`, for what is asked for by a body alone. */
export function postEndpoint<Body extends z.ZodType, Output extends z.ZodType>({
  input,
  run,
  ...rest
}: PostDefinition<Body, Output>): Endpoint {
  return { ...rest, method: 'POST', run: async request => run(await parseBody(input, request)) }
}
