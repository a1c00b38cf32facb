import { z } from 'zod'
import type { Metadata, Statistics } from './actions.ts'
import { type Field, quoted } from './table-schema.ts'

/** What the engine tells of each column that it wrote into a file, as text; names are quoted as in SQL. */
export const ColumnStatistics = z.record(
  z.string(),
  z.object({
    min: z.string().optional(),
    max: z.string().optional(),
    null_count: z.string().optional(),
    has_nan: z.string().optional(),
  }),
)
export type ColumnStatistics = z.infer<typeof ColumnStatistics>

/**
 * Statistics of a file as the log has them. A column has no bounds where none are safe for whoever skips files by them:
 * nested ones, those with NaN, numbers that JSON does not hold exactly.
 */
export function fileStatistics(numRecords: number, of: ColumnStatistics, fields: readonly Field[]): Statistics {
  const minValues: Record<string, unknown> = {}
  const maxValues: Record<string, unknown> = {}
  const nullCount: Record<string, unknown> = {}
  for (const { name, type } of fields) {
    const found = of[quoted(name)]
    if (!found || typeof type !== 'string') continue
    if (found.null_count !== undefined) nullCount[name] = Number(found.null_count)
    if (found.min === undefined || found.max === undefined || found.has_nan === 'true') continue
    const [min, max] = [bound(found.min, type, 'min'), bound(found.max, type, 'max')]
    if (min === undefined || max === undefined) continue
    minValues[name] = min
    maxValues[name] = max
  }
  return { numRecords, minValues, maxValues, nullCount }
}

/** The property by which a table has every writer, Spark too, tell bounds of these columns alone. */
export const statisticsProperty = 'delta.dataSkippingStatsColumns'

export const statisticsText = (columns: ReadonlySet<string>): string =>
  [...columns].map(name => `\`${name.replaceAll('`', '``')}\``).join(',')

/** The columns that a table has bounds told of; undefined where it does not say. */
export function statisticsColumns({ configuration }: Pick<Metadata, 'configuration'>): Set<string> | undefined {
  const text = configuration?.[statisticsProperty]
  if (text === undefined || text === null) return undefined
  const names = text.matchAll(/`((?:[^`]|``)*)`|[^,`\s][^,`]*/g)
  return new Set(Array.from(names, ([plain, inTicks]) => inTicks?.replaceAll('``', '`') ?? plain.trim()))
}

type Side = 'min' | 'max'

const wholeTypes = new Set(['long', 'integer', 'short', 'byte'])
/** Decimals of so many digits come back from 64 bits as they were. */
const exactDigits = 15

/** A bound as JSON has it; undefined where there is none that is safe. */
function bound(text: string, type: string, side: Side): unknown {
  if (wholeTypes.has(type)) return Number.isSafeInteger(Number(text)) ? Number(text) : undefined
  if (type === 'double' || type === 'float') return Number.isFinite(Number(text)) ? Number(text) : undefined
  if (type.startsWith('decimal')) return text.replace(/\D/g, '').length <= exactDigits ? Number(text) : undefined
  if (type === 'date') return /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : undefined
  if (type === 'timestamp') return timestampBound(text, side)
  return type === 'string' ? textBound(text, side) : undefined
}

/** Texts are cut to so many characters, as Spark cuts them. */
const charactersMax = 32
const lastCharacter = '\u{10ffff}'

/** A cut text is below what it was cut from: as an upper bound it ends with the last character there is. */
function textBound(text: string, side: Side): string | undefined {
  const characters = Array.from(text)
  if (characters.length <= charactersMax) return text
  const cut = characters.slice(0, charactersMax).join('')
  if (side === 'min') return cut
  return characters[charactersMax] === lastCharacter ? undefined : cut + lastCharacter
}

/** Statistics of times have milliseconds: the bound is moved outwards. `2024-01-01 09:00:00.5+00` comes in. */
function timestampBound(text: string, side: Side): string | undefined {
  const match = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(?:\.(\d+))?\+00$/.exec(text)
  if (!match) return undefined
  const digits = (match[3] ?? '').padEnd(6, '0')
  const at = Date.parse(`${match[1]}T${match[2]}.${digits.slice(0, 3)}Z`)
  const isCut = Number(digits.slice(3)) > 0
  return new Date(at + (isCut && side === 'max' ? 1 : 0)).toISOString()
}
