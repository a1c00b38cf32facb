import type { JsonSchema } from '../../shared/api/openapi/json-schema.ts'

type Schemas = Readonly<Record<string, JsonSchema>>

/**
 * What of a value does not fit a JSON Schema, in sentences: a straight reading of the words the document uses, without the library
 * that wrote it. Formats are not checked. Source: JSON Schema 2020-12, validation.
 */
export function misfits(value: unknown, schema: JsonSchema, schemas: Schemas, at = '$'): string[] {
  const { $ref, allOf = [], anyOf, oneOf, enum: values } = schema
  const found: string[] = []
  if ($ref !== undefined) {
    const target = schemas[$ref.split('/').at(-1) ?? '']
    found.push(...(target === undefined ? [`${at}: ${$ref} leads nowhere`] : misfits(value, target, schemas, at)))
  }
  for (const each of allOf) found.push(...misfits(value, each, schemas, at))
  const options = anyOf ?? oneOf
  if (options && !options.some(each => misfits(value, each, schemas, at).length === 0)) {
    found.push(`${at}: ${shown(value)} fits none of its forms`)
  }
  if (values && !values.some(each => each === value)) found.push(`${at}: ${shown(value)} is none of ${values}`)
  if ('const' in schema && schema.const !== value) found.push(`${at}: ${shown(value)} is not ${schema.const}`)
  return [...found, ...misfitsOfType(value, schema, schemas, at)]
}

function misfitsOfType(value: unknown, schema: JsonSchema, schemas: Schemas, at: string): string[] {
  const types = schema.type === undefined ? undefined : [schema.type].flat()
  if (types && !types.some(type => isOfType(value, type))) return [`${at}: ${shown(value)} is not of type ${types}`]
  if (typeof value === 'string') return misfitsOfText(value, schema, at)
  if (typeof value === 'number') return misfitsOfNumber(value, schema, at)
  if (Array.isArray(value)) return misfitsOfArray(value, schema, schemas, at)
  return typeof value === 'object' && value !== null ? misfitsOfObject(value, schema, schemas, at) : []
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'null':
      return value === null
    case 'array':
      return Array.isArray(value)
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
    case 'integer':
      return Number.isInteger(value)
    default:
      return typeof value === type
  }
}

function misfitsOfText(
  text: string,
  { minLength = 0, maxLength = Infinity, pattern }: JsonSchema,
  at: string,
): string[] {
  const length = [...text].length
  const isLong = length > maxLength || length < minLength
  const isOther = pattern !== undefined && !new RegExp(pattern, 'u').test(text)
  return isLong || isOther ? [`${at}: ${shown(text)} is too short, too long or not of the pattern`] : []
}

function misfitsOfNumber(value: number, schema: JsonSchema, at: string): string[] {
  const { minimum = -Infinity, maximum = Infinity, exclusiveMinimum = -Infinity, exclusiveMaximum = Infinity } = schema
  const isWithin = value >= minimum && value <= maximum && value > exclusiveMinimum && value < exclusiveMaximum
  return isWithin ? [] : [`${at}: ${value} is out of bounds`]
}

function misfitsOfArray(values: readonly unknown[], schema: JsonSchema, schemas: Schemas, at: string): string[] {
  const { minItems = 0, maxItems = Infinity, prefixItems = [], items } = schema
  const found = values.length < minItems || values.length > maxItems ? [`${at}: holds ${values.length} items`] : []
  for (const [index, value] of values.entries()) {
    const of = prefixItems[index] ?? items
    if (typeof of === 'object') found.push(...misfits(value, of, schemas, `${at}[${index}]`))
  }
  return found
}

function misfitsOfObject(value: object, schema: JsonSchema, schemas: Schemas, at: string): string[] {
  const { properties = {}, required = [], additionalProperties, propertyNames } = schema
  const found = required.filter(name => !Object.hasOwn(value, name)).map(name => `${at}: ${name} is missing`)
  for (const [name, each] of Object.entries(value)) {
    if (propertyNames) found.push(...misfits(name, propertyNames, schemas, `${at}.${name} (its name)`))
    const of = Object.hasOwn(properties, name) ? properties[name] : additionalProperties
    if (of === false) found.push(`${at}: ${name} is not known`)
    if (typeof of === 'object') found.push(...misfits(each, of, schemas, `${at}.${name}`))
  }
  return found
}

const shown = (value: unknown): string => JSON.stringify(value)?.slice(0, 100) ?? 'undefined'
