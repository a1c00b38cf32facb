import type { z } from 'zod'
import type { ErrorCode } from '../schemas/errors.ts'
import type { NoPath, NoQuery } from '../schemas/requests.ts'
import { type Access, checkPersons, type Person } from './access.ts'
import type { AnswerHeader } from './answer-headers.ts'
import { type Parsed, parseRequest, type RequestSchemas } from './parse-request.ts'
import type { ApiRequest } from './request.ts'

/** What an endpoint gives back: a value of its output schema, or text or bytes of a type of their own. */
export interface Answer<Output> {
  status?: number
  headers?: Record<string, string>
  body: Output
  /** The body as JSON, where it is at hand. */
  text?: string
}

/** Under what the documentation lists it. */
export const groups = {
  recommendations: 'Lists for people and places',
  catalogue: 'Products and what is known of them',
  users: 'People, their preferences and profiles',
  events: 'What shoppers do',
  jobs: 'Refreshes, the lake, exports',
  models: 'What is published, and going back',
  configuration: 'How the shop wants it',
  privacy: 'Export, opt-out, erasure',
  service: 'Is it up, and what is it',
} as const
type Group = keyof typeof groups

type MediaType = 'application/x-ndjson' | 'application/octet-stream' | 'text/csv' | 'text/html' | 'text/plain' | '*/*'

/** An operation of the API as a value: the HTTP binding, the guards and the documentation read it. */
export interface Endpoint {
  name: string
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Like `/recommend/user/{id}`. */
  path: string
  /** Older names of it, with the same parameters: they answer the same, and say that they are old. */
  aliases?: readonly string[] | undefined
  access: Access
  group: Group
  summary: string
  /** A POST that only asks: it may be repeated, and no idempotency key is of use to it. */
  isSafe?: true | undefined
  /** Its answer holds a secret: nothing may keep a copy of it, neither a log nor what repeats answers. */
  showsSecret?: true | undefined
  /** Of success; 200 unless told. */
  status?: number | undefined
  input: RequestSchemas
  output: z.ZodType
  /** Of the answer, where that is not JSON. */
  mediaType?: MediaType | undefined
  /** Statuses with a body of the same form that are no success, like the 503 of a service that is not ready. */
  alsoAnswers?: readonly number[] | undefined
  /** Headers it answers with. */
  headers?: readonly AnswerHeader[] | undefined
  /** What it may refuse besides what every route may. */
  refuses?: readonly ErrorCode[] | undefined
  /** @throws AppError for what the caller did wrong */
  run(request: ApiRequest): Promise<Answer<unknown>>
}

type Input<Path extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> = Parsed<Path, Query, Body>

interface Definition<Path extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType, Output extends z.ZodType>
  extends Omit<Endpoint, 'run' | 'output' | 'input'> {
  input?: RequestSchemas<Path, Query, Body>
  output: Output
  /** Everybody the request is about: a shopper's token opens only what is about its own person. */
  persons?(input: Input<Path, Query, Body>): readonly Person[]
  run(input: Input<Path, Query, Body>, request: ApiRequest): Promise<Answer<z.input<Output> | Uint8Array>>
}

/** Ties the schemas of an endpoint to its `run`, which is then only called with input that was checked, of persons it may know. */
export function endpoint<
  Output extends z.ZodType,
  Path extends z.ZodType = typeof NoPath,
  Query extends z.ZodType = typeof NoQuery,
  Body extends z.ZodType = z.ZodUndefined,
>({ input = {}, persons, run, ...rest }: Definition<Path, Query, Body, Output>): Endpoint {
  return {
    ...rest,
    input,
    run: async request => {
      const parsed = await parseRequest(input, request)
      checkPersons(request.caller, rest.access, persons?.(parsed) ?? [])
      return run(parsed, request)
    },
  }
}

/** A POST that changes something may be repeated under a key of the caller's. */
export const takesIdempotencyKey = (endpoint: Pick<Endpoint, 'method' | 'isSafe'>): boolean =>
  endpoint.method === 'POST' && !isSafe(endpoint)

/** Whether calling it changes nothing. */
export const isSafe = ({ method, isSafe: isDeclared }: Pick<Endpoint, 'method' | 'isSafe'>): boolean =>
  method === 'GET' || isDeclared === true
