import { STATUS_CODES } from 'node:http'
import { z } from 'zod'
import { type ErrorCode, errorCodes } from '../../schemas/errors.ts'
import { Problem } from '../../schemas/problem.ts'
import { type AnswerHeader, answerHeaders, guardHeaders } from '../answer-headers.ts'
import type { Endpoint } from '../endpoint.ts'
import type { ComponentSchemas } from './component-schemas.ts'
import type { JsonSchema } from './json-schema.ts'
import { refusalsOf } from './refusals.ts'

export interface Media {
  schema: JsonSchema
  examples?: Record<string, { value: unknown }>
}
export interface Response {
  description: string
  headers?: Record<string, { $ref: string }>
  content?: Record<string, Media>
}

export interface HeaderComponent {
  description: string
  schema: JsonSchema
}

/** Every answer an endpoint may give, by status: what it is for, and every refusal with the codes it may have. */
export function responsesOf(endpoint: Endpoint, components: ComponentSchemas): Record<string, Response> {
  const { status = 200, alsoAnswers = [] } = endpoint
  const codes = Map.groupBy(refusalsOf(endpoint), code => errorCodes[code])
  const refusals = [...codes].map(([of, refused]) => [of, refusal(refused, components)] as const)
  const answers = [status, ...alsoAnswers].map(of => [of, answer(of, endpoint, components)] as const)
  const responses = new Map<number, Response>([...refusals, [500, refusal(['internal'], components)]])
  for (const [of, each] of answers) {
    const refused = responses.get(of)
    responses.set(of, refused === undefined ? each : { ...each, content: { ...each.content, ...refused.content } })
  }
  return Object.fromEntries([...responses].sort(([x], [y]) => x - y))
}

function answer(status: number, endpoint: Endpoint, components: ComponentSchemas): Response {
  const { output, mediaType = 'application/json', headers = [] } = endpoint
  const described = { description: STATUS_CODES[status] ?? 'Answered' }
  return {
    ...described,
    headers: headersOf([...everywhere, ...headers]),
    ...(status === 204 || output instanceof z.ZodUndefined
      ? {}
      : { content: { [mediaType]: { schema: components.of(output, 'output') } } }),
  }
}

type Header = AnswerHeader | keyof typeof guardHeaders
const everywhere = ['x-request-id', 'traceparent', 'ratelimit', 'ratelimit-policy'] as const

const headersOf = (names: readonly Header[]): Record<string, { $ref: string }> =>
  Object.fromEntries(names.map(name => [name, { $ref: `#/components/headers/${name}` }]))

/** All headers that answers refer to. */
export function headerComponents(components: ComponentSchemas): Record<string, HeaderComponent> {
  const told = Object.entries<z.ZodType>({ ...answerHeaders, ...guardHeaders }).map(([name, header]) => {
    const { description = '', ...schema } = components.of(header, 'output')
    return [name, { description, schema }] as const
  })
  return Object.fromEntries(told)
}

function refusal(codes: readonly (ErrorCode | 'internal')[], components: ComponentSchemas): Response {
  const problem = components.of(Problem, 'output')
  const schema = { allOf: [problem, { type: 'object', properties: { code: { enum: [...codes] } } }] }
  const isLater = codes.some(code => code === 'too_many_requests' || code === 'unavailable')
  return {
    description: codes.map(code => `[${code}](docs/errors#${code})`).join(', '),
    headers: headersOf(isLater ? [...everywhere, 'retry-after'] : everywhere),
    content: { 'application/problem+json': { schema } },
  }
}
