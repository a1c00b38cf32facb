import fc from 'fast-check'
import type { JsonSchema } from '../../shared/api/openapi/json-schema.ts'

type Schemas = Readonly<Record<string, JsonSchema>>

/** What makes a request reach the shop: without them chance names nobody and nothing that is known. */
const known = ['anna', 'ben', 'pen', 'ink', 'cup', 'home', 'Kitchen', 's1', 'v1', 'nobody']

/** Values that fit a schema, as far as its words say; a cross-check of two fields may still refuse them. */
export function valuesOf(schema: JsonSchema, schemas: Schemas): fc.Arbitrary<unknown> {
  const { $ref, enum: values, anyOf, oneOf, allOf, type, pattern } = schema
  if ($ref !== undefined) return valuesOf(schemas[$ref.split('/').at(-1) ?? ''] ?? {}, schemas)
  if ('const' in schema) return fc.constant(schema.const)
  if (values !== undefined) return fc.constantFrom(...values)
  const options = anyOf ?? oneOf
  if (options !== undefined) return fc.oneof(...options.map(each => valuesOf(each, schemas)))
  if (allOf !== undefined)
    return fc.tuple(...allOf.map(each => valuesOf(each, schemas))).map(parts => Object.assign({}, ...parts))
  if (Array.isArray(type)) return fc.oneof(...type.map(each => valuesOf({ ...schema, type: each }, schemas)))
  switch (type) {
    case 'string':
      return textsOf(schema, pattern)
    case 'integer':
      return fc.integer(boundsOf(schema))
    case 'number':
      return fc.oneof(
        fc.integer(boundsOf(schema)),
        fc.double({ ...boundsOf(schema), noNaN: true, noDefaultInfinity: true }),
      )
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array':
      return arraysOf(schema, schemas)
    case 'object':
      return objectsOf(schema, schemas)
    default:
      return fc.jsonValue({ maxDepth: 2 })
  }
}

function textsOf(
  { minLength = 0, maxLength = 1000, format }: JsonSchema,
  pattern: string | undefined,
): fc.Arbitrary<string> {
  if (format === 'date-time')
    return fc
      .date({ noInvalidDate: true, min: new Date(0), max: new Date('2030-01-01') })
      .map(each => each.toISOString())
  if (format === 'date')
    return fc
      .date({ noInvalidDate: true, min: new Date(0), max: new Date('2030-01-01') })
      .map(each => each.toISOString().slice(0, 10))
  if (format === 'uuid') return fc.uuid()
  const rule = pattern === undefined ? undefined : new RegExp(pattern, 'u')
  const fits = (text: string) =>
    (rule?.test(text) ?? true) && [...text].length >= minLength && [...text].length <= maxLength
  const named = known.filter(fits)
  const free = fc
    .string({ unit: 'grapheme', minLength: Math.min(minLength, 20), maxLength: Math.min(maxLength, 30) })
    .filter(fits)
  const drawn = rule === undefined || [..."a b'"].every(letter => rule.test(letter)) ? free : fc.stringMatching(rule)
  return named.length === 0 ? drawn : fc.oneof(fc.constantFrom(...named), drawn)
}

function boundsOf(schema: JsonSchema): { min: number; max: number } {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema
  const above = exclusiveMinimum === undefined ? undefined : exclusiveMinimum + 1
  const below = exclusiveMaximum === undefined ? undefined : exclusiveMaximum - 1
  const min = Math.max(minimum ?? above ?? -1000, -1_000_000)
  return { min, max: Math.max(min, Math.min(maximum ?? below ?? 1000, 1_000_000)) }
}

function arraysOf(
  { items, prefixItems, minItems = 0, maxItems = 4 }: JsonSchema,
  schemas: Schemas,
): fc.Arbitrary<unknown> {
  if (prefixItems !== undefined) return fc.tuple(...prefixItems.map(each => valuesOf(each, schemas)))
  const of = typeof items === 'object' ? valuesOf(items, schemas) : fc.jsonValue({ maxDepth: 1 })
  return fc.array(of, { minLength: minItems, maxLength: Math.max(minItems, Math.min(maxItems, 4)) })
}

function objectsOf(schema: JsonSchema, schemas: Schemas): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], additionalProperties, propertyNames } = schema
  const fields = Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, valuesOf(each, schemas)]))
  if (Object.keys(fields).length > 0) return fc.record(fields, { requiredKeys: required })
  const value =
    typeof additionalProperties === 'object' ? valuesOf(additionalProperties, schemas) : fc.jsonValue({ maxDepth: 1 })
  const names = propertyNames ? valuesOf(propertyNames, schemas).map(String) : fc.string({ maxLength: 10 })
  return fc.dictionary(names, value, { maxKeys: 3 })
}
