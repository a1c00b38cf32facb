import type { SqlSession } from '../../ports.ts'
import type { Add } from './actions.ts'
import { commit } from './commit.ts'
import { removal } from './removal.ts'
import { scan } from './scan.ts'
import { type DeltaPorts, readSnapshot, type Snapshot } from './snapshot.ts'
import { statisticsColumns } from './statistics.ts'
import { type Field, tableSchema } from './table-schema.ts'
import { writeFiles } from './write-files.ts'
import { zOrdered } from './z-order.ts'

/** Files tell by which columns they are ordered: a partition of nothing else is left as it is. */
const orderTag = 'zOrderBy'
const defaultBytes = 128 * 1024 * 1024
/** Ordered rows are of use to a search as far as row groups are small: a few more kilobytes, a fraction of the rows read. */
const orderedGroupRows = 16_384

export interface Optimized {
  /** Undefined when there was nothing to do. */
  version: number | undefined
  added: number
  removed: number
}

/**
 * Writes the rows of small files anew in fewer, larger ones, each partition for itself; with `zOrder`, all files of a
 * partition that were not all written so, so that rows near in these columns lie in the same files and a search by any of them skips most. One commit
 * that changes no row: whoever follows the table sees no change, and other writers' appends go on meanwhile.
 * @param options.where which files to look at, by their partition: all without it
 * @param options.targetBytes how large a file is to be, about
 * @throws ConflictError when another writer removed one of these files meanwhile
 */
export async function optimize(
  table: string,
  options: {
    session: SqlSession
    zOrder?: readonly string[]
    where?: (partitionValues: Add['partitionValues']) => boolean
    targetBytes?: number
  },
  ports: DeltaPorts,
): Promise<Optimized> {
  const { session, zOrder = [], where = () => true, targetBytes = defaultBytes } = options
  const before = await readSnapshot(table, ports)
  if (!before) return { version: undefined, added: 0, removed: 0 }
  const fields = tableSchema(before.metadata)
  checkColumns(zOrder, fields, before)
  const tags = zOrder.length === 0 ? {} : { [orderTag]: JSON.stringify(zOrder) }
  const groups = zOrder.length === 0 ? {} : { groupRows: orderedGroupRows }
  const isOrdered = (file: Add): boolean => file.tags?.[orderTag] === tags[orderTag]
  const add: Add[] = []
  const remove: Add[] = []
  for (const files of partitions([...before.files.values()].filter(file => where(file.partitionValues)))) {
    const bins = zOrder.length === 0 ? binsOf(files, targetBytes) : files.every(isOrdered) ? [] : [files]
    for (const bin of bins) {
      const chosen = new Set(bin)
      const rows = await scan(before, ports, file => chosen.has(file))
      const query = zOrder.length > 0 ? zOrdered(rows, zOrder) : rows
      add.push(
        ...(await rewritten(before, { query, fields, like: bin[0], targetBytes, tags, ...groups }, session, ports)),
      )
      remove.push(...bin)
    }
  }
  if (remove.length === 0) return { version: undefined, added: 0, removed: 0 }
  const change = {
    operation: 'OPTIMIZE',
    parameters: { predicate: '[]', zOrderBy: JSON.stringify(zOrder) },
    add,
    remove: remove.map(file => removal(file, ports.clock(), { dataChange: false })),
    reads: 'nothing',
  } as const
  return { version: await commit(table, before, change, ports), added: add.length, removed: remove.length }
}

/** Files of one partition are written like those of an unpartitioned table, and so end where they are large enough. */
async function rewritten(
  { path: table, metadata }: Snapshot,
  of: {
    query: string
    fields: readonly Field[]
    like: Add | undefined
    targetBytes: number
    groupRows?: number
    tags: Readonly<Record<string, string>>
  },
  session: SqlSession,
  ports: DeltaPorts,
): Promise<Add[]> {
  const { query, targetBytes, groupRows, like, tags } = of
  const fields = of.fields.filter(({ name }) => !metadata.partitionColumns.includes(name))
  const partition = like?.partitionValues ?? {}
  const statistics = statisticsColumns(metadata)
  return writeFiles(
    {
      ...{ table, query, fields, partitionColumns: [], dataChange: false, targetBytes, within: partition, tags },
      ...(statistics ? { statistics } : {}),
      ...(groupRows === undefined ? {} : { groupRows }),
    },
    session,
    ports,
  )
}

function partitions(files: readonly Add[]): Iterable<Add[]> {
  const found = new Map<string, Add[]>()
  for (const file of files) {
    const key = JSON.stringify(Object.entries(file.partitionValues).sort())
    found.set(key, [...(found.get(key) ?? []), file])
  }
  return found.values()
}

/** Small files, in the order of their names, together up to the target; one alone stays as it is. */
function binsOf(files: readonly Add[], targetBytes: number): Add[][] {
  const bins: Add[][] = []
  let room = 0
  for (const file of files.filter(({ size }) => size < targetBytes / 2)) {
    if (file.size > room) {
      bins.push([])
      room = targetBytes
    }
    bins.at(-1)?.push(file)
    room -= file.size
  }
  return bins.filter(bin => bin.length > 1)
}

function checkColumns(zOrder: readonly string[], fields: readonly Field[], { path, metadata }: Snapshot): void {
  for (const column of zOrder) {
    const isKnown = fields.some(({ name }) => name === column) && !metadata.partitionColumns.includes(column)
    if (!isKnown) throw new RangeError(`Cannot order ${path} by ${column}: no column that its files have`)
  }
}
