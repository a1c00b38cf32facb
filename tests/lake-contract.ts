import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ConflictError } from '../shared/lake/delta/commit.ts'
import { history } from '../shared/lake/delta/history.ts'
import { optimize } from '../shared/lake/delta/optimize.ts'
import { scan } from '../shared/lake/delta/scan.ts'
import { changesSince, type DeltaPorts, readSnapshot } from '../shared/lake/delta/snapshot.ts'
import { vacuum } from '../shared/lake/delta/vacuum.ts'
import { writeTable } from '../shared/lake/delta/write-table.ts'
import { nullableField, numbers, ordersIn, putOrders, tryOut, unread } from './delta-table.ts'

interface Opened {
  /** A store without any table in it. */
  ports(): Promise<DeltaPorts>
  close(): Promise<void>
}

const dayMs = 86_400_000

/** What Delta tables hold, wherever their files are. */
export function lakeContract(store: string, open: () => Promise<Opened>): void {
  describe(`Delta tables in ${store}`, () => {
    let opened: Opened
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened?.close())

    test('25 commits later every version is what it was, also for who reads it for the first time', async () => {
      const ports = await opened.ports()
      for (const id of numbers(0, 24)) await putOrders([id], ports, { month: `2026-0${(id % 2) + 1}` })
      const checkpoints = (await Array.fromAsync(ports.blobs.list(`${tryOut.path}/_delta_log/`))).filter(({ path }) =>
        path.endsWith('.checkpoint.parquet'),
      )
      expect(checkpoints).toHaveLength(2)
      for (const version of [0, 1, 9, 10, 11, 19, 20, 24]) {
        expect(await ordersIn(unread(ports), { version })).toEqual(numbers(0, version))
      }
      expect(await ordersIn(unread(ports))).toEqual(numbers(0, 24))
      expect(await ordersIn(unread(ports), { version: 25 })).toBeUndefined()
      expect((await changesSince(tryOut.path, 22, ports)).map(({ version }) => version)).toEqual([23, 24])
    })

    test('two who make the table at once both find their orders in it', async () => {
      const ports = await opened.ports()
      await Promise.all([putOrders([1], ports), putOrders([2], unread(ports)), putOrders([3], unread(ports))])
      expect(await ordersIn(unread(ports))).toEqual([1, 2, 3])
      expect((await readSnapshot(tryOut.path, ports))?.version).toBe(2)
    })

    test('of 48 commits by 8 writers at once none is lost and none is doubled', async () => {
      const ports = await opened.ports()
      const writers = numbers(0, 7).map(async writer => {
        const own = unread(ports)
        for (const turn of numbers(0, 5)) await putOrders([writer * 6 + turn], own)
      })
      await Promise.all(writers)
      expect(await ordersIn(unread(ports))).toEqual(numbers(0, 47))
      expect((await readSnapshot(tryOut.path, ports))?.version).toBe(47)
    })

    test('who replaces what another added meanwhile is told, and nothing is written', async () => {
      const ports = await opened.ports()
      await putOrders([1], ports)
      const before = await readSnapshot(tryOut.path, ports)
      await putOrders([2], ports)
      await using session = await ports.sql.open()
      const late = writeTable(
        tryOut,
        `select 9::bigint as order_id, '2026-01' as month`,
        { session, replace: 'all', before },
        ports,
      )
      await expect(late).rejects.toThrow(ConflictError)
      expect(await ordersIn(unread(ports))).toEqual([1, 2])
    })

    test('partitions of any name come back: slashes, quotes, accents, percent signs, none at all', async () => {
      const ports = await opened.ports()
      const months = ['a/b=c', "it's", 'é n°', '%25 #?', '日本', '2026-01']
      for (const month of months) await putOrders([1], ports, { month: month.replaceAll("'", "''") })
      await putOrders([2], ports, { month: '' })
      await using session = await ports.sql.open()
      const snapshot = await readSnapshot(tryOut.path, unread(ports))
      const rows = snapshot ? await session.rows(`select month from (${await scan(snapshot, ports)})`) : []
      expect(rows.map(row => row.month).sort()).toEqual([...months, null].sort())
    })

    test('a column that comes later is absent in rows from before', async () => {
      const ports = await opened.ports()
      await putOrders([1], ports)
      await using session = await ports.sql.open()
      const wider = { ...tryOut, fields: [...tryOut.fields, nullableField('channel', 'string')] }
      const query = `select 2::bigint as order_id, '2026-01' as month, 'web' as channel`
      await writeTable(wider, query, { session, replace: 'none' }, ports)
      await putOrders([3], ports)
      const snapshot = await readSnapshot(tryOut.path, unread(ports))
      const all =
        snapshot && (await session.rows(`select channel from (${await scan(snapshot, ports)}) order by order_id`))
      expect(all).toEqual([{ channel: null }, { channel: 'web' }, { channel: null }])
    })

    test('optimize() puts small files together, vacuum() removes them after a week, and no order is another', async () => {
      const ports = await opened.ports()
      for (const id of numbers(1, 6)) await putOrders([id], ports, { month: `2026-0${(id % 2) + 1}` })
      await using session = await ports.sql.open()
      expect(await optimize(tryOut.path, { session }, ports)).toMatchObject({ version: 6, added: 2, removed: 6 })
      expect(await optimize(tryOut.path, { session }, ports)).toMatchObject({ version: undefined })
      expect(await ordersIn(unread(ports))).toEqual(numbers(1, 6))
      expect((await changesSince(tryOut.path, 5, ports)).map(({ added, removed }) => [added, removed])).toEqual([
        [[], []],
      ])
      expect((await history(tryOut.path, ports))[0]).toMatchObject({ operation: 'OPTIMIZE', added: 2, removed: 6 })
      expect((await vacuum(tryOut.path, {}, ports)).files).toEqual([])
      const later = { ...ports, clock: () => ports.clock() + 8 * dayMs }
      expect((await vacuum(tryOut.path, { dryRun: true }, later)).files).toHaveLength(6)
      expect((await vacuum(tryOut.path, {}, later)).files).toHaveLength(6)
      expect(await ordersIn(unread(ports))).toEqual(numbers(1, 6))
    })
  })
}
