import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { codeVersion } from '../../lake/code-version.ts'
import type { Transaction } from '../../lake/delta/actions.ts'
import { ConflictError } from '../../lake/delta/commit.ts'
import { readSnapshot } from '../../lake/delta/snapshot.ts'
import { writeTable } from '../../lake/delta/write-table.ts'
import { type LineageFacts, writeLineage } from '../../lake/lineage.ts'
import { definitionOf, type Table } from '../../lake/tables/table.ts'
import type { Ports } from '../../ports.ts'
import { type FoldedHub, foldQuery } from './fold-query.ts'
import { linesAfter } from './lines-after.ts'
import { type Segment, segmentsOf } from './segment.ts'

export interface FoldSummary {
  segments: number
  commits: number
  rows: number
}

type FoldPorts = Pick<Ports, 'blobs' | 'sql' | 'clock' | 'uuid'>

/** Text that one commit takes in: what a fold needs of memory is a small multiple of it. */
const bytesPerCommit = 64 * 1024 * 1024
const lostRacesMax = 20
/** Segments on their way while one is written down, and removed at once. */
const concurrent = 16

/**
 * Folds the segments of a hub into its table, each event once: how far a partition has come is kept with the table's own
 * commits (`txn` of `segments/<hub>/<partition>`: the last sequence number), and a segment goes only after the commit
 * that holds it. Killed anywhere and repeated, or done by two at once, it comes to the same.
 */
export async function foldSegments(
  of: FoldedHub,
  ports: FoldPorts,
  options: {
    bytesMax?: number
    runId?: string
    progress?: (fraction: number) => Promise<void>
  } = {},
): Promise<FoldSummary> {
  const { bytesMax = bytesPerCommit, runId = 'none', progress } = options
  const waiting = await completeSegments(of.hub, ports)
  const summary: FoldSummary = { segments: 0, commits: 0, rows: 0 }
  for (const segments of portions(waiting, bytesMax)) {
    const rows = await foldPortion(of, segments, runId, ports)
    for (let start = 0; start < segments.length; start += concurrent) {
      await Promise.all(segments.slice(start, start + concurrent).map(({ path }) => ports.blobs.remove(path)))
    }
    summary.segments += segments.length
    summary.commits += rows > 0 ? 1 : 0
    summary.rows += rows
    await progress?.(summary.segments / waiting.length)
  }
  return summary
}

/**
 * The segments that were there when the listing began. A listing takes its time: it may pass the place of a segment that
 * is not there yet and still meet a later one of the same partition, which was written after it. So a first look tells
 * how far each partition goes, and all that lies before was written by then and is met by the second.
 */
async function completeSegments(hub: string, { blobs }: Pick<Ports, 'blobs'>): Promise<Segment[]> {
  const reached = new Map<string, number>()
  for await (const { partition, last } of segmentsOf(hub, blobs)) {
    reached.set(partition, Math.max(last, reached.get(partition) ?? 0))
  }
  const segments: Segment[] = []
  if (reached.size === 0) return segments
  for await (const segment of segmentsOf(hub, blobs)) {
    if (segment.last <= (reached.get(segment.partition) ?? -1)) segments.push(segment)
  }
  return segments
}

function* portions(segments: readonly Segment[], bytesMax: number): Iterable<Segment[]> {
  let portion: Segment[] = []
  let bytes = 0
  for (const segment of segments) {
    if (portion.length > 0 && bytes + segment.bytes > bytesMax) {
      yield portion
      portion = []
      bytes = 0
    }
    portion.push(segment)
    bytes += segment.bytes
  }
  if (portion.length > 0) yield portion
}

/** Commits what the table lacks of the segments; resolves with the number of rows. */
async function foldPortion(
  of: FoldedHub,
  segments: readonly Segment[],
  runId: string,
  ports: FoldPorts,
): Promise<number> {
  for (let races = 0; races < lostRacesMax; races++) {
    await using session = await ports.sql.open()
    const before = await readSnapshot(of.table.path, ports)
    const appId = (partition: string) => `segments/${of.hub}/${partition}`
    const reached = new Map<string, number>()
    const isNew = ({ partition, last }: Segment) => last > (before?.transactions.get(appId(partition)) ?? -1)
    const fresh = segments.filter(isNew)
    if (fresh.length === 0) return 0
    const file = join(session.folder, 'events.ndjson')
    const startOf = (partition: string) => reached.get(partition) ?? before?.transactions.get(appId(partition)) ?? -1
    await using lines = await open(file, 'w')
    let rows = 0
    for await (const { segment, bytes } of contents(fresh, ports)) {
      const { partition, last } = segment
      const later = linesAfter(startOf(partition), segment, bytes)
      await lines.appendFile(later)
      rows += linesIn(later)
      reached.set(partition, Math.max(last, startOf(partition)))
    }
    if (reached.size === 0) return 0
    const startedAt = ports.clock()
    const transactions = [...reached].map(
      ([partition, version]): Transaction => ({ appId: appId(partition), version, lastUpdated: startedAt }),
    )
    const inputs = transactions.map(({ appId: table, version: to }) => ({
      table,
      from: before?.transactions.get(table),
      to,
    }))
    const lineage = lineageOf(of.table, { runId, inputs, rows, startedAt, finishedAt: ports.clock() })
    try {
      const info = { lineage }
      const options = { session, replace: 'none', before, operation: 'STREAMING UPDATE', transactions, info } as const
      const { version } = await writeTable(definitionOf(of.table), foldQuery(of, file, startedAt), options, ports)
      await writeLineage({ ...lineage, version }, ports)
      return rows
    } catch (cause) {
      if (!(cause instanceof ConflictError)) throw cause
    }
  }
  throw new Error(`Cannot fold segments into ${of.table.path}: ${lostRacesMax} commits in a row lost to another writer`)
}

/** What was folded: of each partition the sequence numbers after `from`, up to `to`. */
function lineageOf(
  { path: table }: Table,
  of: { runId: string; inputs: LineageFacts['inputs']; rows: number; startedAt: number; finishedAt: number },
): LineageFacts {
  const [started_at, finished_at] = [new Date(of.startedAt).toISOString(), new Date(of.finishedAt).toISOString()]
  return {
    ...{ table, run_id: of.runId, code_version: codeVersion, inputs: of.inputs, started_at, finished_at },
    ...{ rows_in: of.rows, rows_out: of.rows, rejected: 0, by_rule: {} },
  }
}

function linesIn(bytes: Uint8Array): number {
  let lines = 0
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines += 1
  return lines
}

/** One that is gone was folded by another, whose commit this one will meet. */
async function* contents(
  segments: readonly Segment[],
  { blobs }: Pick<Ports, 'blobs'>,
): AsyncIterable<{ segment: Segment; bytes: Uint8Array }> {
  for (let start = 0; start < segments.length; start += concurrent) {
    const some = segments.slice(start, start + concurrent)
    const read = await Promise.all(some.map(({ path }) => blobs.read(path)))
    for (const [index, segment] of some.entries()) {
      const bytes = read[index]
      if (bytes) yield { segment, bytes }
    }
  }
}
