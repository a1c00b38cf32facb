import { z } from 'zod'
import type { Metadata } from './actions.ts'

/** A column of a Delta table; nested types stay as the log has them. */
export const Field = z.object({
  name: z.string(),
  type: z.unknown(),
  nullable: z.boolean(),
  metadata: z.record(z.string(), z.unknown()),
})
export type Field = z.infer<typeof Field>

/** The simple types of Delta and what DuckDB calls them. */
const duckDbTypes: Readonly<Record<string, string>> = {
  string: 'VARCHAR',
  long: 'BIGINT',
  integer: 'INTEGER',
  short: 'SMALLINT',
  byte: 'TINYINT',
  double: 'DOUBLE',
  float: 'FLOAT',
  boolean: 'BOOLEAN',
  binary: 'BLOB',
  date: 'DATE',
  timestamp: 'TIMESTAMPTZ',
  timestamp_ntz: 'TIMESTAMP',
}

const Nested = z.discriminatedUnion('type', [
  z.object({ type: z.literal('array'), elementType: z.unknown() }),
  z.object({ type: z.literal('map'), keyType: z.unknown(), valueType: z.unknown() }),
  z.object({ type: z.literal('struct'), fields: z.array(Field) }),
])

/** @throws RangeError for a type this reader does not know */
export function duckDbType(type: unknown): string {
  if (typeof type === 'string') {
    const known = duckDbTypes[type] ?? (/^decimal\(\d+,\s*\d+\)$/.test(type) ? type.toUpperCase() : undefined)
    if (known !== undefined) return known
  }
  const nested = Nested.safeParse(type)
  if (!nested.success) throw new RangeError(`Cannot read a column of the type ${JSON.stringify(type)}`)
  switch (nested.data.type) {
    case 'array':
      return `${duckDbType(nested.data.elementType)}[]`
    case 'map':
      return `MAP(${duckDbType(nested.data.keyType)}, ${duckDbType(nested.data.valueType)})`
    case 'struct':
      return `STRUCT(${nested.data.fields.map(({ name, type: of }) => `${quoted(name)} ${duckDbType(of)}`).join(', ')})`
  }
}

/** The columns of a table. @throws ZodError or SyntaxError when the log's schema is none */
export function tableSchema({ schemaString }: Pick<Metadata, 'schemaString'>): Field[] {
  return z.object({ type: z.literal('struct'), fields: z.array(Field) }).parse(JSON.parse(schemaString)).fields
}

export const schemaString = (fields: readonly Field[]): string => JSON.stringify({ type: 'struct', fields })

/** A name as SQL takes any. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** A text as SQL takes it; absent is null. */
export const literal = (text: string | null): string => (text === null ? 'null' : `'${text.replaceAll("'", "''")}'`)
