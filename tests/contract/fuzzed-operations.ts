import fc from 'fast-check'
import type { OpenApiDocument } from '../../shared/api/openapi/document.ts'
import type { JsonSchema } from '../../shared/api/openapi/json-schema.ts'
import type { Call } from '../api-request.ts'
import { misfits } from './json-schema-check.ts'
import { valuesOf } from './values-of.ts'

type Operation = OpenApiDocument['paths'][string][string]
type Parameter = Operation['parameters'][number]
type Schemas = Readonly<Record<string, JsonSchema>>

interface Answered {
  status: number
  type: string
  json: unknown
}

/** Texts that have broken parsers before. */
const hostile = [
  ...['', ' ', '0', '-1', '1e999', 'NaN', 'null', 'true', '[]', '{}', '../..', '%00', '%', '\u0000', '\ud800', '𝒳'],
  ...[
    "' or 1=1 --",
    '<script>',
    '{{7*7}}',
    '__proto__',
    'constructor',
    'toString',
    'x'.repeat(9_000),
    '٣',
    '1_000',
    '0x10',
  ],
]

/** Requests of an operation: most fit what its document says, in the others one part is anything at all. */
export function requestsOf({ parameters, requestBody }: Operation, schemas: Schemas): fc.Arbitrary<Call> {
  const media = requestBody?.content['application/json']
  const body = media === undefined ? fc.constant(undefined) : bodiesOf(media.schema, schemas)
  const of = (place: Parameter['in']) =>
    fieldsOf(
      parameters.filter(each => each.in === place),
      schemas,
    )
  return fc
    .tuple(
      of('path'),
      of('query'),
      of('header'),
      body,
      fc.option(fc.tuple(strange, fc.constantFrom(...hostile)), { freq: 8 }),
    )
    .map(([path, query, headers, sent, extra]) => ({
      ...{ path, query: extra === null ? query : { ...query, [extra[0]]: extra[1] }, headers: sendable(headers) },
      ...(sent === undefined ? {} : { body: sent }),
    }))
}

const strange = fc.constantFrom('limi', '__proto__', 'constructor', 'limit', 'cursor', 'user', 'a b')

function bodiesOf(schema: JsonSchema, schemas: Schemas): fc.Arbitrary<unknown> {
  const fitting = valuesOf(schema, schemas)
  const torn = fitting.map(value => JSON.stringify(value).slice(0, -1))
  return fc.oneof(
    { weight: 7, arbitrary: fitting },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
    { weight: 1, arbitrary: fc.oneof(torn, fc.constantFrom(...hostile)) },
  )
}

function fieldsOf(parameters: readonly Parameter[], schemas: Schemas): fc.Arbitrary<Record<string, string>> {
  const texts = parameters.map(({ name, schema }) => {
    const fitting = valuesOf(schema, schemas).map(value => (Array.isArray(value) ? value.join(',') : String(value)))
    const drawn = fc.oneof({ weight: 9, arbitrary: fitting }, { weight: 1, arbitrary: fc.constantFrom(...hostile) })
    return [name, drawn] as const
  })
  const requiredKeys = parameters.filter(({ required }) => required).map(({ name }) => name)
  return fc.record(Object.fromEntries(texts), { requiredKeys })
}

/** Headers hold Latin letters alone; others never leave a client. */
const sendable = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([, value]) => /^[\u0020-\u007e\u00a0-\u00ff]*$/.test(value)))

/** What in an answer is not as the document says, in sentences. */
export function brokenAnswer({ status, type, json }: Answered, { responses }: Operation, schemas: Schemas): string[] {
  if (status >= 500 && status !== 503) return [`it answers ${status}`]
  const response = responses[status]
  if (response === undefined) return [`the status ${status} is not documented: ${JSON.stringify(json)?.slice(0, 300)}`]
  const [sent = ''] = type.split(';')
  const media = response.content?.[sent] ?? response.content?.['*/*']
  if (media === undefined) {
    return response.content === undefined && json === '' ? [] : [`the type ${sent} is not documented for ${status}`]
  }
  return misfits(json, media.schema, schemas)
}
