import { scan } from '../shared/lake/delta/scan.ts'
import { type AsOf, type DeltaPorts, readSnapshot } from '../shared/lake/delta/snapshot.ts'
import type { Field } from '../shared/lake/delta/table-schema.ts'
import { type Replaced, type Written, writeTable } from '../shared/lake/delta/write-table.ts'

export const nullableField = (name: string, type: unknown): Field => ({ name, type, nullable: true, metadata: {} })

/** A table of orders to try the protocol on: an id and the month, by which it is partitioned. */
export const tryOut = {
  path: 'silver/try_out',
  fields: [nullableField('order_id', 'long'), nullableField('month', 'string')],
  partitionColumns: ['month'],
}

/** Writes these orders; with `application`, as what it has done up to that version. */
export async function putOrders(
  ids: readonly number[],
  ports: DeltaPorts,
  options: { month?: string; replace?: Replaced; application?: { appId: string; version: number } } = {},
): Promise<Written> {
  const { month = '2026-01', replace = 'none', application } = options
  await using session = await ports.sql.open()
  const query = `select unnest([${ids.join(', ')}]::bigint[]) as order_id, '${month}' as month`
  const transactions = application ? [application] : []
  return await writeTable(tryOut, query, { session, replace, transactions }, ports)
}

/** The orders in the table, in order of id; undefined when there is no such table or version. */
export async function ordersIn(ports: DeltaPorts, asOf?: AsOf): Promise<number[] | undefined> {
  const snapshot = await readSnapshot(tryOut.path, ports, asOf)
  if (!snapshot) return undefined
  await using session = await ports.sql.open()
  const rows = await session.rows(`select order_id from (${await scan(snapshot, ports)}) order by order_id`)
  return rows.map(row => Number(row.order_id))
}

/** The same store seen by a process that has read nothing of it yet. */
export const unread = <P extends DeltaPorts>(ports: P): P => ({ ...ports, blobs: { ...ports.blobs } })

export const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index)
