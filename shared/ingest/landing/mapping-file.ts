import { z } from 'zod'
import type { Blobs } from '../../ports.ts'
import { landingKinds } from './landing-kinds.ts'
import { RefusedFile } from './refused-file.ts'

/** How a column is made of a column of the source, or of the row's number. */
const Derived = z.union([
  z.strictObject({ row_number: z.literal(true) }),
  z.strictObject({
    from: z.string().min(1),
    /** Taken off the end of the text, where it is there. */
    remove_suffix: z.string().min(1).optional(),
    /** What a text that begins so becomes; the first that fits. */
    begins_with: z.record(z.string().min(1), z.string()).optional(),
    /** What a text becomes, the whole of it. */
    values: z.record(z.string(), z.string()).optional(),
    /** What every other text becomes; without it, it stays. */
    otherwise: z.string().optional(),
  }),
])
export type Derived = z.infer<typeof Derived>

const Columns = z.strictObject({
  /** Our columns, each with the name it has in the source. */
  columns: z.record(z.string(), z.string().min(1)).default({}),
  /** Our columns, each with the value it has on every row. */
  constants: z.record(z.string(), z.string()).default({}),
  derive: z.record(z.string(), Derived).default({}),
})
export type MappedColumns = z.infer<typeof Columns>

const Also = Columns.extend({
  kind: z.enum(landingKinds),
  /** One row for each value of this column, the file's last; rows without a value are left out. */
  distinct_by: z.string(),
  /** Columns without which a row is left out. */
  needs: z.array(z.string()).default([]),
})

/**
 * A mapping file, `landing/<kind>/_mapping.json` or `<file>.mapping.json`: how files of another system are read without
 * being edited.
 */
const MappingFile = Columns.extend({
  /** As strptime has it, for every column with a time. */
  timestamp_format: z
    .string()
    .regex(/^(%[YymBbdeHIMSfpzZaAj%]|[^%])+$/, { error: 'must be a format of strptime like %d/%m/%Y %H:%M' })
    .optional(),
  /** Numbers are written 1.234,50. */
  decimal_comma: z.boolean().default(false),
  delimiter: z.string().length(1).optional(),
  /** Empty: no character quotes, a quote is part of its cell. */
  quote: z.enum(['"', '']).default('"'),
  encoding: z.enum(['utf-8', 'utf-16', 'latin-1']).default('utf-8'),
  /** Further kinds of rows that the same file holds. */
  also: z.array(Also).default([]),
})
export type Mapping = z.infer<typeof MappingFile>

export const noMapping: Mapping = MappingFile.parse({})

/** @throws RefusedFile naming every field that is wrong, as the files cannot be read before it is mended */
export async function readMapping(path: string, blobs: Blobs): Promise<Mapping> {
  const bytes = await blobs.read(path)
  if (!bytes) throw new RefusedFile(`The mapping file ${path} is gone`)
  const parsed = MappingFile.safeParse(jsonOf(path, bytes))
  if (parsed.success) return parsed.data
  const findings = parsed.error.issues.map(issue => `${issue.path.join('.') || '(file)'}: ${issue.message}`)
  throw new RefusedFile(`The mapping file ${path} is not valid: ${findings.join('; ')}`)
}

function jsonOf(path: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch (cause) {
    throw new RefusedFile(`The mapping file ${path} is no JSON: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    })
  }
}
