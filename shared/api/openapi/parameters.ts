import { z } from 'zod'
import type { Endpoint } from '../endpoint.ts'
import type { ComponentSchemas } from './component-schemas.ts'
import type { JsonSchema } from './json-schema.ts'

export interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
  required: boolean
  description?: string
  /** A list is one text with commas. */
  style?: 'form'
  explode?: false
  schema: JsonSchema
  examples?: Record<string, { value: unknown }>
}

/** What the path and the query of an endpoint take, in the order of its schemas. */
export const parametersOf = ({ input }: Pick<Endpoint, 'input'>, components: ComponentSchemas): Parameter[] => [
  ...fieldsOf(input.path).map(([name, schema]) => parameter(name, schema, 'path', components)),
  ...fieldsOf(input.query).map(([name, schema]) => parameter(name, schema, 'query', components)),
]

/** @throws RangeError for parameters that are no object of fields: they could not be told one by one */
function fieldsOf(schema: z.ZodType | undefined): [name: string, schema: z.ZodType][] {
  if (schema === undefined) return []
  if (schema instanceof z.ZodObject) return Object.entries<z.ZodType>(schema.shape)
  throw new RangeError(`Parameters must be a z.object: they are ${schema.type}`)
}

function parameter(name: string, schema: z.ZodType, of: 'path' | 'query', components: ComponentSchemas): Parameter {
  const { description, ...told } = components.of(asMeant(schema), 'input')
  const isList = told.type === 'array'
  return {
    ...{ name, in: of, required: !schema.safeParse(undefined).success },
    ...(description === undefined ? {} : { description }),
    ...(isList ? { style: 'form' as const, explode: false as const } : {}),
    schema: told,
  }
}

/**
 * A parameter travels as text: a number is documented as the number that the text is read as, a list with commas as a list. The
 * default and the description are those of the text.
 */
function asMeant(schema: z.ZodType): z.ZodType {
  const description = schema.description
  const meant = withoutText(schema)
  return description === undefined || meant === schema ? meant : meant.describe(description)
}

function withoutText(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional) return meantType(schema.unwrap())
  if (schema instanceof z.ZodDefault) {
    const { defaultValue } = schema.def
    return meantType(schema.unwrap()).default(defaultValue)
  }
  return meantType(schema)
}

function meantType(schema: unknown): z.ZodType {
  if (!(schema instanceof z.ZodType)) throw new RangeError('A schema must hold schemas of zod')
  if (schema instanceof z.ZodPipe && !(schema.out instanceof z.ZodTransform)) return meantType(schema.out)
  if (schema instanceof z.ZodPipe) return meantType(schema.in)
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault ? withoutText(schema) : schema
}
