import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { history } from '../shared/lake/delta/history.ts'
import type { AsOf, DeltaPorts } from '../shared/lake/delta/snapshot.ts'
import { writeTable } from '../shared/lake/delta/write-table.ts'
import { nullableField } from '../tests/delta-table.ts'
import { deltaFacts, disagreements } from './delta-facts.ts'
import { type DeltaReader, type DeltaWriter, type Facts, openDeltaRs, openSpark } from './peers/delta-readers.ts'
import { readersLake } from './readers-lake.ts'
import type { Bench, BenchResult } from './report.ts'
import { fourDigits, spread } from './spread.ts'

interface Read {
  table: string
  asOf: AsOf | undefined
}

/**
 * Whether other people's readers see in a lake what Sidecart sees: every table, versions and times included, by counts and
 * sums of each column; and Sidecart what delta-rs wrote, before and after it added to it. @throws Error when they do not
 */
export const lakeReadersBench: Bench = async step => {
  const deltaRs = await openDeltaRs(step)
  const spark = await openSpark(step)
  const root = mkdtempSync(join(tmpdir(), 'lake-readers-'))
  try {
    const { ports, tables } = await readersLake(root, step)
    const readers = [deltaRs, spark].filter(reader => reader !== undefined)
    const results = [await comparedReads(root, { tables, readers, ports, step })]
    if (deltaRs) results.push(await sharedTable(root, { deltaRs, readers, ports, step }))
    return results
  } finally {
    await Promise.all([deltaRs?.close(), spark?.close()])
    rmSync(root, { recursive: true, force: true })
  }
}

async function comparedReads(
  root: string,
  of: { tables: readonly string[]; readers: readonly DeltaReader[]; ports: DeltaPorts; step: (text: string) => void },
): Promise<BenchResult> {
  const { tables, readers, ports, step } = of
  const reads = (await Promise.all(tables.map(table => readsOf(table, ports)))).flat()
  const ours: Facts[] = []
  for (const { table, asOf } of reads) ours.push(await deltaFacts(table, ports, asOf))
  const ms = ours.map(facts => facts.ms)
  const peers: BenchResult['peers'] = {}
  const ratio: BenchResult['ratio'] = {}
  const quality: BenchResult['quality'] = {
    tables: tables.length,
    rows: ours.reduce((sum, { rows }) => sum + rows, 0),
    reads: reads.length,
    reads_as_of_a_version: reads.filter(({ asOf }) => asOf && 'version' in asOf).length,
    reads_as_of_a_time: reads.filter(({ asOf }) => asOf && 'timestampMs' in asOf).length,
  }
  for (const reader of readers) {
    step(`${reader.name} ${reader.version} reads ${reads.length} times`)
    const theirs: Facts[] = []
    for (const [index, { table, asOf }] of reads.entries()) {
      const facts = await reader.facts(join(root, table), asOf)
      checkAgreement(`${reader.name} on ${table} as of ${JSON.stringify(asOf)}`, facts, ours[index])
      theirs.push(facts)
    }
    peers[reader.name] = spread(theirs.map(facts => facts.ms))
    ratio[reader.name] = fourDigits(spread(ms).median / spread(theirs.map(facts => facts.ms)).median)
    quality[`${reader.name}_version`] = reader.version
    quality[`${reader.name}_disagreements`] = 0
  }
  return { case: 'counts and sums of a table', sidecart: { ...spread(ms), unit: 'ms' }, peers, ratio, quality }
}

/** A time that lies so far from the commits on both sides says the same to readers who go by the files' times. */
const apartMs = 60

/** The newest version, the first, one between, and a time between two commits where they are apart. */
async function readsOf(table: string, ports: DeltaPorts): Promise<Read[]> {
  const commits = (await history(table, ports)).toReversed()
  const versions = new Set([0, commits.length >> 1].filter(version => version < commits.length - 1))
  const before = commits.findLastIndex(
    ({ timestamp = 0 }, index) => (commits[index + 1]?.timestamp ?? 0) - timestamp > 2 * apartMs,
  )
  const time = commits[before]?.timestamp
  return [
    { table, asOf: undefined },
    ...[...versions].map(version => ({ table, asOf: { version } })),
    ...(time === undefined ? [] : [{ table, asOf: { timestampMs: time + apartMs } }]),
  ]
}

/** A table that delta-rs writes, both read, Sidecart adds to, and all read again. */
async function sharedTable(
  root: string,
  of: { deltaRs: DeltaWriter; readers: readonly DeltaReader[]; ports: DeltaPorts; step: (text: string) => void },
): Promise<BenchResult> {
  const { deltaRs, readers, ports, step } = of
  const table = 'silver/by_delta_rs'
  const folder = join(root, table)
  step('delta-rs writes a table, Sidecart adds to it')
  await deltaRs.write(folder)
  const ms: number[] = []
  for (const version of [0, 5, 10, 11]) {
    const facts = await deltaFacts(table, ports, { version })
    checkAgreement(`delta-rs on its own version ${version}`, await deltaRs.facts(folder, { version }), facts)
    ms.push(facts.ms)
  }
  await using session = await ports.sql.open()
  const fields = [
    nullableField('order_id', 'long'),
    nullableField('country', 'string'),
    nullableField('paid', 'boolean'),
  ]
  const query = `select range + 1000 as order_id, 'PT' as country, true as paid from range(50)`
  await writeTable({ path: table, fields, partitionColumns: ['country'] }, query, { session, replace: 'none' }, ports)
  const ours = await deltaFacts(table, ports)
  for (const reader of readers) checkAgreement(`${reader.name} on what both wrote`, await reader.facts(folder), ours)
  const quality = { rows: ours.rows, versions: 13, disagreements: 0 }
  return { case: 'a table of delta-rs', sidecart: { ...spread(ms), unit: 'ms' }, peers: {}, ratio: {}, quality }
}

function checkAgreement(what: string, theirs: Facts, ours: Facts | undefined): void {
  const found = ours ? disagreements(theirs, ours) : ['nothing to compare to']
  if (found.length > 0) throw new Error(`${what} reads what Sidecart does not: ${found.join('; ')}`)
}
