import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { JsonSchema } from './json-schema.ts'

type Direction = 'input' | 'output'
const folder = '#/components/schemas/'

/**
 * The zod schemas of the API as JSON Schema, those with a name as shared components. What differs by direction, as by defaults that
 * are filled in, has two: what may be sent is then called `…Input`. All that is answered has to be asked for first.
 */
export class ComponentSchemas {
  /** By name, as far as they were asked for. */
  readonly schemas: Record<string, JsonSchema> = {}
  readonly #names = z.registry<{ id: string }>()
  readonly #told = { input: new Map<z.ZodType, JsonSchema>(), output: new Map<z.ZodType, JsonSchema>() }

  constructor(named: ReadonlyMap<z.ZodType, string>) {
    for (const [schema, id] of named) this.#names.add(schema, { id })
  }

  /** Names an object that has no name so far: before anything is asked for, as others may hold it. */
  name(schema: z.ZodType, name: string): void {
    if (!this.#names.has(schema) && isObject(schema)) this.#names.add(schema, { id: name })
  }

  /** A reference, for a schema of a name; else the schema itself. */
  of(schema: z.ZodType, direction: Direction): JsonSchema {
    const known = this.#told[direction].get(schema)
    const told = known ?? this.#convert(schema, direction)
    if (known === undefined) this.#told[direction].set(schema, told)
    return structuredClone(told)
  }

  #convert(schema: z.ZodType, direction: Direction): JsonSchema {
    const {
      $schema: _,
      $defs: found = {},
      ...root
    } = z.toJSONSchema(schema, {
      ...{ io: direction, target: 'draft-2020-12', metadata: this.#names, unrepresentable: 'any' },
      override: ({ zodSchema, jsonSchema }) =>
        told(jsonSchema, z.globalRegistry.get(zodSchema)?.description, direction),
    })
    const definitions = plain(found) as Record<string, JsonSchema>
    const own = this.#names.get(schema)?.id
    if (own !== undefined && !Object.hasOwn(definitions, own)) definitions[own] = plain(root) as JsonSchema
    // One that is only checked further than another of a name, as by a refinement, goes by that one's name.
    const { $ref: same, ...more } = (own === undefined ? undefined : definitions[own]) ?? {}
    if (own !== undefined && same !== undefined && Object.keys(more).length === 0) {
      delete definitions[own]
      return { $ref: renamed(same, this.#keep(definitions, direction)) }
    }
    const names = this.#keep(definitions, direction)
    return own === undefined ? (withNames(plain(root), names) as JsonSchema) : { $ref: `${folder}${names.get(own)}` }
  }

  /** Keeps definitions under their names, and tells which. */
  #keep(definitions: Record<string, JsonSchema>, direction: Direction): Map<string, string> {
    const changed = new Set<string>()
    const isOther = (name: string): boolean => {
      const kept = this.schemas[name]
      const renamed = withNames(definitions[name], inputNames(changed, definitions))
      return kept !== undefined && !isDeepStrictEqual(kept, renamed)
    }
    if (direction === 'input') {
      for (let before = -1; before < changed.size; ) {
        before = changed.size
        for (const name of Object.keys(definitions)) if (isOther(name)) changed.add(name)
      }
    }
    const names = inputNames(changed, definitions)
    for (const [name, definition] of Object.entries(definitions)) {
      const schema = withNames(definition, names) as JsonSchema
      const as = names.get(name) ?? name
      const kept = this.schemas[as]
      if (kept !== undefined && !isDeepStrictEqual(kept, schema)) {
        throw new RangeError(`Two schemas must not share a name: ${as} is another one already`)
      }
      this.schemas[as] = schema
    }
    return names
  }
}

const inputNames = (changed: ReadonlySet<string>, definitions: Record<string, JsonSchema>): Map<string, string> =>
  new Map(Object.keys(definitions).map(name => [name, changed.has(name) ? `${name}Input` : name]))

/** Whether it is worth a name of its own: forms of objects are, texts and numbers are not. */
const isObject = (schema: unknown): boolean =>
  schema instanceof z.ZodObject ||
  (schema instanceof z.ZodUnion && schema.options.some(isObject)) ||
  (schema instanceof z.ZodPipe && (isObject(schema.in) || isObject(schema.out)))

/**
 * Without zod's own marks, and with patterns in the words of every engine: few know classes of Unicode, and none that reads
 * UTF-8 knows half a character.
 */
function told(schema: z.core.JSONSchema.BaseSchema, description: string | undefined, direction: Direction): void {
  delete schema.id
  if (description !== undefined) schema.description = description
  if (typeof schema.pattern === 'string') {
    schema.pattern = schema.pattern.replaceAll('\\p{Cc}', '\\u0000-\\u001f\\u007f-\\u009f').replaceAll('\\p{Cs}', '')
  }
  // Of answers it is no promise; of requests it is checked.
  if (direction === 'output' && schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum
  if (direction === 'output' && schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum
}

/** A copy without what JSON does not hold. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

function withNames(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map(each => withNames(each, names))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      key === '$ref' && typeof each === 'string' ? renamed(each, names) : withNames(each, names),
    ]),
  )
}

function renamed(ref: string, names: ReadonlyMap<string, string>): string {
  const name = ref.replace('#/$defs/', '').replace(folder, '')
  return `${folder}${names.get(name) ?? name}`
}
