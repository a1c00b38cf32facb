import { z } from 'zod'

/** What is wrong with a row: its first finding, as the row is refused as a whole. */
interface CellError {
  column: string
  value: unknown
  reason: string
}

export type RowParser<Row> = (raw: Readonly<Record<string, string>>) => { value: Row } | CellError

/** Different texts of a column that are remembered: more is a column of its own texts, like a name. */
const rememberedMax = 20_000

type Cell = { value: unknown } | { reason: string }

/**
 * A function that checks a row of texts by the schema, column by column in the schema's order. The cells of an export
 * repeat (an order's id and time, an item's price), so each column remembers what its schema said to a text.
 */
export function rowParser<Schema extends z.ZodObject>(schema: Schema): RowParser<z.output<Schema>> {
  const columns = Object.entries(schema.shape).map(([column, rule]) => ({ column, parse: remembered(rule) }))
  return raw => {
    const value: Record<string, unknown> = {}
    for (const { column, parse } of columns) {
      const cell = parse(raw[column])
      if ('reason' in cell) return { column, value: raw[column] ?? null, reason: cell.reason }
      value[column] = cell.value
    }
    // Each of the schema's own columns made its cell.
    return { value: value as z.output<Schema> }
  }
}

function remembered(rule: z.core.$ZodType): (text: string | undefined) => Cell {
  const known = new Map<string | undefined, Cell>()
  return text => {
    const before = known.get(text)
    if (before) return before
    const parsed = z.safeParse(rule, text)
    const cell = parsed.success
      ? { value: parsed.data }
      : { reason: parsed.error.issues[0]?.message ?? 'is not accepted' }
    if (known.size >= rememberedMax) known.clear()
    known.set(text, cell)
    return cell
  }
}
