import type { OpenApiDocument } from '../../shared/api/openapi/document.ts'
import type { JsonSchema } from '../../shared/api/openapi/json-schema.ts'

type Operation = OpenApiDocument['paths'][string][string]

/** The client's operations as TypeScript: a type for each schema of the document, a method for each operation that is not old. */
export function clientSource(document: OpenApiDocument): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) =>
      operation.deprecated || !isForPrograms(operation) ? [] : [methodOf({ path, method, operation })],
    ),
  )
  const types = Object.entries(document.components.schemas).map(
    ([name, schema]) => `${comment(schema.description)}export type ${name} = ${typeOf(schema)}\n`,
  )
  return `// Made from the OpenAPI document by \`npm run contract\`: changes belong there.
import type { Call, Operation } from './call.ts'

${types.join('\n')}
/** A method for each operation of the API. */
export abstract class Operations {
  protected abstract send<Answer>(operation: Operation, input: object, call: Call): Promise<Answer>

${operations.join('\n')}}
`
}

/** Pages are for people. */
const isForPrograms = ({ responses }: Operation): boolean =>
  !mediaOf(responses).some(type => type === 'text/html' || type === '*/*')

const successOf = (responses: Operation['responses']) =>
  Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1]
const mediaOf = (responses: Operation['responses']): string[] => Object.keys(successOf(responses)?.content ?? {})

function methodOf({ path, method, operation }: { path: string; method: string; operation: Operation }): string {
  const { operationId, parameters, requestBody, responses, summary } = operation
  const fields = parameters.filter(({ in: place }) => place !== 'header')
  const body = requestBody?.content['application/json']?.schema
  const isNeeded = fields.some(({ required }) => required) || requestBody?.required === true
  const input = [
    ...fields.map(({ name, required, schema, description }) => field(name, { schema, required, description })),
    ...(body ? [field('body', { schema: body, required: requestBody?.required === true })] : []),
  ]
  const [type, media] = Object.entries(successOf(responses)?.content ?? {})[0] ?? []
  const isJson = type === 'application/json'
  const answer = media === undefined ? 'void' : isJson ? typeOf(media.schema) : 'string'
  const shape = {
    ...{
      method: method.toUpperCase(),
      path,
      query: fields.filter(each => each.in === 'query').map(({ name }) => name),
    },
    ...{ hasBody: body !== undefined, isSafe: operation['x-sidecart-safe'] },
    takesKey: parameters.some(({ name }) => name === 'idempotency-key'),
    answers: isJson ? 'json' : 'text',
    alsoAnswers: statusesOf(responses),
  }
  const taken = input.length === 0 ? '' : `input: {${input.join('')}}${isNeeded ? '' : ' = {}'}, `
  return `${comment(summary)}  ${camel(operationId)}(${taken}call: Call = {}): Promise<${answer}> {
    return this.send(${literal(shape)}, ${input.length === 0 ? '{}' : 'input'}, call)
  }
`
}

/** Those that are answered in the form of a success, though they are none. */
const statusesOf = (responses: Operation['responses']): number[] =>
  Object.entries(responses).flatMap(([status, { content = {} }]) =>
    !status.startsWith('2') && Object.hasOwn(content, 'application/json') ? [Number(status)] : [],
  )

const camel = (name: string): string => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
const comment = (text: string | undefined): string =>
  text === undefined ? '' : `/** ${text.replaceAll('*/', '* /')} */\n`

function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return `{ ${Object.entries(value)
    .map(([key, each]) => `${key}: ${literal(each)}`)
    .join(', ')} }`
}

function field(
  name: string,
  {
    schema,
    required,
    description = schema.description,
  }: { schema: JsonSchema; required: boolean; description?: string | undefined },
): string {
  const key = /^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name)
  return `${description === undefined ? '' : `\n${comment(description)}`}${key}${required ? '' : '?'}: ${typeOf(schema)}${required ? '' : ' | undefined'}\n`
}

function typeOf(schema: JsonSchema): string {
  const { $ref, const: constant, enum: values, anyOf, oneOf, allOf, type } = schema
  if ($ref !== undefined) return $ref.split('/').at(-1) ?? 'unknown'
  if (constant !== undefined) return JSON.stringify(constant)
  if (values !== undefined) return values.map(value => JSON.stringify(value)).join(' | ')
  const options = anyOf ?? oneOf
  if (options !== undefined) return options.map(each => `(${typeOf(each)})`).join(' | ')
  if (allOf !== undefined) return allOf.map(each => `(${typeOf(each)})`).join(' & ')
  if (Array.isArray(type)) return type.map(each => `(${typeOf({ ...schema, type: each })})`).join(' | ')
  switch (type) {
    case 'array':
      return arrayOf(schema)
    case 'object':
      return objectOf(schema)
    case 'integer':
      return 'number'
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
      return type
    default:
      return 'unknown'
  }
}

function arrayOf({ items, prefixItems }: JsonSchema): string {
  if (prefixItems !== undefined) return `[${prefixItems.map(typeOf).join(', ')}]`
  return typeof items === 'object' ? `(${typeOf(items)})[]` : 'unknown[]'
}

function objectOf({ properties, required = [], additionalProperties, propertyNames }: JsonSchema): string {
  if (properties === undefined) {
    const value = typeof additionalProperties === 'object' ? typeOf(additionalProperties) : 'unknown'
    const key =
      propertyNames?.enum === undefined && propertyNames?.$ref === undefined ? 'string' : typeOf(propertyNames)
    return key === 'string' ? `Record<string, ${value}>` : `Partial<Record<${key}, ${value}>>`
  }
  const fields = Object.entries(properties).map(([name, each]) =>
    field(name, { schema: each, required: required.includes(name) }),
  )
  const isOpen = additionalProperties === true || typeof additionalProperties === 'object'
  return `{${fields.join('')}${isOpen ? '[field: string]: unknown\n' : ''}}`
}
