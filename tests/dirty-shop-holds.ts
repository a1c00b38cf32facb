import { isDeepStrictEqual } from 'node:util'
import { readManifest } from '../shared/ingest/landing/landing-manifest.ts'
import { bindInputs } from '../shared/lake/build/bind-inputs.ts'
import { readSnapshot } from '../shared/lake/delta/snapshot.ts'
import { lakeTables, ruledTables } from '../shared/lake/tables/lake-tables.ts'
import { silverTables } from '../shared/lake/tables/silver-tables.ts'
import { viewName } from '../shared/lake/tables/table.ts'
import type { Ports } from '../shared/ports.ts'
import { type DirtyShop, dirtyShop, runLake } from './dirty-shop.ts'

/** How many rows of bronze each ruled table is made of. */
const rowsIn: Readonly<Record<string, string>> = {
  'silver/products': `(select count(*) from bronze_products) + (select count(*) from bronze_catalog_changes where change->>'entity' is distinct from 'customer')`,
  'silver/customers': `(select count(*) from bronze_customers) + (select count(*) from bronze_catalog_changes where change->>'entity' = 'customer')`,
  'silver/order_headers': '(select count(*) from bronze_orders)',
  'silver/order_lines': '(select count(*) from bronze_order_items)',
  'silver/ratings': `(select count(*) from bronze_ratings) + (select count(*) from bronze_interactions where event->>'event_type' = 'rating')`,
  'silver/interactions': `(select count(*) from bronze_interactions where event->>'event_type' is distinct from 'login')`,
  'silver/logins': `(select count(*) from bronze_interactions where event->>'event_type' = 'login')`,
}

/**
 * What does not hold of the lake of a dirty shop, as sentences: rows in = rows stored + rejected, file by file and table by
 * table; nothing new and files that come again change nothing; a rebuild from bronze gives the same rows.
 */
export async function brokenPromises(seed: number): Promise<{ broken: string[]; rows: number }> {
  const shop = await dirtyShop(seed)
  const { ports, files } = shop
  const broken = [...(await landingAccounts(shop)), ...(await silverAccounts(ports, 'after increments'))]
  const before = await silverRows(ports)
  const versions = await tableVersions(ports)
  await runLake(ports)
  if (!isDeepStrictEqual(await tableVersions(ports), versions)) broken.push('a run with nothing new moved a table on')
  await runLake(ports, { rebuild: true })
  broken.push(...differences(before, await silverRows(ports), 'made anew from bronze'))
  for (const [path, bytes] of files) await ports.blobs.write(path, bytes)
  ports.advance(60_000)
  await runLake(ports)
  broken.push(...differences(before, await silverRows(ports), 'after the same files came again'))
  broken.push(...(await silverAccounts(ports, 'after the same files came again')))
  const rows = Object.values(shop.manifest.rows).reduce((sum, count) => sum + count, 0)
  return { broken: broken.map(sentence => `seed ${seed}: ${sentence}`), rows }
}

async function landingAccounts({ ports, manifest, files }: DirtyShop): Promise<string[]> {
  const broken: string[] = []
  const storedByKind = new Map<string, number>()
  for (const path of files.keys()) {
    const taken = await readManifest(path, ports.blobs)
    if (taken?.status !== 'completed') broken.push(`${path} was not taken in: ${taken?.reason}`)
    if (!taken) continue
    const made = manifest.files.find(file => `landing/${file.path}` === path)?.rows
    if (taken.rows !== made) broken.push(`${path} has ${made} rows, ${taken.rows} were seen`)
    if (taken.rows !== taken.stored + taken.rejected) broken.push(`${path} lost rows`)
    storedByKind.set(taken.kind, (storedByKind.get(taken.kind) ?? 0) + taken.stored)
  }
  for (const [kind, stored] of storedByKind) {
    const rows = await figure(`(select count(*) from bronze_${kind})`, ports)
    if (rows !== stored) broken.push(`bronze/${kind} has ${rows} rows, its files ${stored}`)
  }
  return broken
}

async function silverAccounts(ports: Ports, when: string): Promise<string[]> {
  const broken: string[] = []
  for (const { path } of ruledTables) {
    const name = path.slice('silver/'.length)
    const received = await figure(rowsIn[path] ?? 'null', ports)
    const stored = await figure(`(select count(*) from silver_${name})`, ports)
    const rejected = await figure(`(select count(*) from quarantine_${name})`, ports)
    if (received !== stored + rejected) {
      broken.push(`${path} ${when}: ${received} rows in, ${stored} out, ${rejected} in quarantine`)
    }
  }
  return broken
}

async function figure(expression: string, ports: Ports): Promise<number> {
  await using session = await ports.sql.open()
  const named = lakeTables.filter(({ path }) => new RegExp(`\\b${viewName(path)}\\b`).test(expression))
  await bindInputs(
    named.map(table => ({ table })),
    session,
    ports,
  )
  const [row] = await session.rows(`select ${expression} as figure`)
  return Number(row?.figure)
}

/** The rows of every table of silver as texts, sorted. */
async function silverRows(ports: Ports): Promise<Map<string, string[]>> {
  const rows = new Map<string, string[]>()
  for (const table of silverTables) {
    await using session = await ports.sql.open()
    await bindInputs([{ table }], session, ports)
    const columns = table.columns.map(({ name }) => `"${name}"`).join(', ')
    const found = await session.rows(`select ${columns} from ${viewName(table.path)}`)
    rows.set(table.path, found.map(row => JSON.stringify(row)).sort())
  }
  return rows
}

function differences(before: Map<string, string[]>, after: Map<string, string[]>, when: string): string[] {
  return [...before].flatMap(([path, rows]) => {
    const now = after.get(path) ?? []
    if (isDeepStrictEqual(now, rows)) return []
    const gone = rows.filter(row => !now.includes(row))
    const come = now.filter(row => !rows.includes(row))
    return [`${path} is another ${when}: ${gone.length} rows gone, ${come.length} new, as ${gone[0]} and ${come[0]}`]
  })
}

async function tableVersions(ports: Ports): Promise<[string, number | undefined][]> {
  return Promise.all(
    lakeTables.map(async ({ path }): Promise<[string, number | undefined]> => {
      return [path, (await readSnapshot(path, ports))?.version]
    }),
  )
}
