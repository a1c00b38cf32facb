import { z } from 'zod'
import { readSnapshot } from '../../lake/delta/snapshot.ts'
import type { Ports } from '../../ports.ts'
import { type RoundBefore, type Stage, type StageContext, stage } from '../../runs/stage.ts'
import type { Metrics } from '../../schemas/run.ts'
import { changedRows } from './changed-rows.ts'
import { type ServedTable, servedTables } from './served-tables.ts'

/** What is taken of each row; absent in what was planned or published before it was kept. */
const columns = z.string().optional()
const RowsChunk = z.object({
  type: z.literal('rows'),
  table: z.string(),
  /** The version published last; absent before the first. */
  from: z.int().optional(),
  to: z.int(),
  part: z.int(),
  parts: z.int(),
  columns,
})
const PublishedChunk = z.object({ type: z.literal('published'), table: z.string(), to: z.int(), columns })
const CatalogueChunk = z.discriminatedUnion('type', [RowsChunk, PublishedChunk])
type CatalogueChunk = z.infer<typeof CatalogueChunk>

const Published = z.object({ version: z.int(), columns })
const publishedPath = (table: string) => `silver/_published/${table.slice(table.indexOf('/') + 1)}.json`

/** Documents of one chunk. */
const rowsPerChunk = 10_000
/** Documents read and written together. */
const rowsPerWrite = 1_000

/**
 * What changed in silver.products, silver.customers and silver.users since the last time -> the documents that serve it: chunks of
 * rows, then what version is published now. A field that a change of the hub set later than the row stays as it is. Once
 * other columns are served all rows are compared with their documents.
 */
export const catalogueStage: Stage = stage({
  name: 'catalogue',
  weight: 1,
  parse: raw => CatalogueChunk.parse(raw),
  plan: async ({ ports }) => {
    const planned: CatalogueChunk[] = []
    for (const served of servedTables) planned.push(...(await planTable(served, ports)))
    return planned
  },
  planNext: async (_, { chunks }: RoundBefore<CatalogueChunk>) => {
    const done = new Map(chunks.flatMap(chunk => (chunk.type === 'rows' ? [[chunk.table, chunk] as const] : [])))
    return [...done.values()].map(
      ({ table, to, columns }): CatalogueChunk => ({ type: 'published', table, to, columns }),
    )
  },
  run: async (chunk, context) => {
    if (chunk.type === 'rows') return publishRows(chunk, context)
    const published: z.infer<typeof Published> = { version: chunk.to, columns: chunk.columns }
    await context.ports.blobs.write(publishedPath(chunk.table), Buffer.from(JSON.stringify(published)))
    return {}
  },
})

async function planTable(served: ServedTable, ports: Ports): Promise<CatalogueChunk[]> {
  const { columns } = served
  const { path: table } = served.table
  const now = await readSnapshot(table, ports)
  if (!now) return []
  const bytes = await ports.blobs.read(publishedPath(table))
  const published = bytes && Published.parse(JSON.parse(Buffer.from(bytes).toString()))
  const isSame = published?.columns === columns
  if (isSame && published.version === now.version) return []
  const from = isSame && published.version < now.version ? published.version : undefined
  await using session = await ports.sql.open()
  const [counted] = await session.rows(
    `select count(*) as rows from (${await changedRows(served, { now, from }, ports)})`,
  )
  const parts = Math.ceil(Number(counted?.rows) / rowsPerChunk)
  if (parts === 0) return [{ type: 'published', table, to: now.version, columns }]
  return Array.from({ length: parts }, (_, part) => ({
    type: 'rows',
    table,
    from,
    to: now.version,
    part,
    parts,
    columns,
  }))
}

async function publishRows(
  { table, from, to, part, parts }: z.infer<typeof RowsChunk>,
  { ports, progress }: StageContext,
): Promise<Metrics> {
  const served = servedTables.find(each => each.table.path === table)
  const now = await readSnapshot(table, ports, { version: to })
  if (!served || !now) throw new RangeError(`Cannot serve ${table} as of version ${to}: there is no such table`)
  await using session = await ports.sql.open()
  const changed = await changedRows(served, { now, from }, ports)
  const rows = await session.rows(
    `select * from (${changed}) where md5_number_lower(${served.key}) % ${parts} = ${part}`,
  )
  const metrics = { rows: rows.length, documents_written: 0, rows_refused: 0 }
  for (let start = 0; start < rows.length; start += rowsPerWrite) {
    const { written, refused } = await served.store(rows.slice(start, start + rowsPerWrite), ports)
    metrics.documents_written += written
    metrics.rows_refused += refused
    await progress(Math.min(1, (start + rowsPerWrite) / rows.length))
  }
  return metrics
}
