import { type Endpoint, isSafe, takesIdempotencyKey } from '../endpoint.ts'
import type { Example } from '../examples/example.ts'
import type { ComponentSchemas } from './component-schemas.ts'
import { type Parameter, parametersOf } from './parameters.ts'
import { type Media, type Response, responsesOf } from './responses.ts'
import { accessText, securityOf } from './security.ts'

export interface Operation {
  operationId: string
  tags: string[]
  summary: string
  description: string
  deprecated?: true
  security: Record<string, string[]>[]
  parameters: Parameter[]
  requestBody?: { required: boolean; content: Record<string, Media> }
  responses: Record<string, Response>
  /** Whether it changes nothing, so that it may be sent again without a thought. */
  'x-sidecart-safe': boolean
}

/** What anybody may read in the document of one endpoint, with its examples. */
export function operationOf(
  endpoint: Endpoint,
  { components, examples }: { components: ComponentSchemas; examples: readonly Example[] },
): Operation {
  const { name, group, summary, access } = endpoint
  const body = bodyOf(endpoint, components)
  const operation: Operation = {
    ...{ operationId: name, tags: [group], summary, description: accessText(access) + limitText(endpoint) },
    security: securityOf(access),
    parameters: [...parametersOf(endpoint, components), ...headersOf(endpoint)],
    ...(body === undefined ? {} : { requestBody: body }),
    responses: responsesOf(endpoint, components),
    'x-sidecart-safe': isSafe(endpoint),
  }
  return withExamples(operation, examples)
}

function bodyOf({ input }: Endpoint, components: ComponentSchemas): Operation['requestBody'] {
  const { body, bodyForm = body } = input
  if (body === undefined || bodyForm === undefined) return undefined
  const schema = components.of(bodyForm, 'input')
  return { required: !bodyForm.safeParse({}).success, content: { 'application/json': { schema } } }
}

const defaultBodyLimitBytes = 64 * 1024

function limitText({ input: { body, bodyLimitBytes = defaultBodyLimitBytes } }: Endpoint): string {
  return body === undefined ? '' : ` The body may have ${Math.round(bodyLimitBytes / 1024).toLocaleString('en')} KiB.`
}

function headersOf(endpoint: Endpoint): Parameter[] {
  const key = {
    ...({ name: 'idempotency-key', in: 'header', required: false } as const),
    description: 'Sent again with the same key, the change is made once and answered the same',
    schema: { type: 'string', pattern: '^[\\u0021-\\u007e]{1,255}$' },
  }
  const match = {
    ...({ name: 'if-match', in: 'header', required: false } as const),
    description: 'The etag of what is to be changed: refused when it is another version by now',
    schema: { type: 'string' },
  }
  const isConditional = endpoint.refuses?.includes('precondition_failed')
  return [...(takesIdempotencyKey(endpoint) ? [key] : []), ...(isConditional ? [match] : [])]
}

/** The request of an example stands beside what it asks, its answer at its status. */
function withExamples(operation: Operation, examples: readonly Example[]): Operation {
  const { parameters, requestBody, responses } = structuredClone(operation)
  for (const { title, request, answer } of examples) {
    const named = (media: Pick<Media, 'examples'> | undefined, value: unknown) => {
      if (media) media.examples = { ...media.examples, [title]: { value } }
    }
    for (const parameter of parameters) {
      const value = request[parameter.in === 'path' ? 'path' : 'query']?.[parameter.name]
      if (value !== undefined) named(parameter, meantValue(value, parameter))
    }
    if (request.body !== undefined) named(requestBody?.content['application/json'], request.body)
    const [media] = Object.values(responses[answer.status]?.content ?? {})
    named(media, answer.body)
  }
  return { ...operation, parameters, ...(requestBody ? { requestBody } : {}), responses }
}

function meantValue(text: string, { schema: { type } }: Parameter): unknown {
  if (type === 'integer' || type === 'number') return Number(text)
  if (type === 'boolean') return text === 'true'
  return type === 'array' ? text.split(',') : text
}
