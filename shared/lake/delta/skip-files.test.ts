import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nullableField } from '../../../tests/delta-table.ts'
import { type MemoryPorts, memoryPorts } from '../../adapters/memory/ports.ts'
import { optimize } from './optimize.ts'
import { scan } from './scan.ts'
import type { ColumnRange } from './skip-files.ts'
import { type DeltaPorts, readSnapshot } from './snapshot.ts'
import { writeTable } from './write-table.ts'

const sales = {
  path: 'gold/sales',
  fields: [
    ...[nullableField('item', 'string'), nullableField('price', 'double')],
    ...[nullableField('sold_at', 'timestamp'), nullableField('month', 'string')],
  ],
  partitionColumns: ['month'],
}

async function put(rows: readonly string[], ports: DeltaPorts): Promise<void> {
  await using session = await ports.sql.open()
  const query = `select * from (values ${rows.join(', ')}) as t(item, price, sold_at, month)`
  await writeTable(sales, query, { session, replace: 'none' }, ports)
}

/** Three files: January, February, and one whose prices are all absent. */
async function threeFiles(): Promise<MemoryPorts> {
  const ports = memoryPorts()
  await put([`('apple', 1, timestamptz '2026-01-05 00:00:00Z', '2026-01')`], ports)
  await put([`('pear', 5, timestamptz '2026-02-05 00:00:00.0009Z', '2026-02')`], ports)
  await put([`('plum', null::double, timestamptz '2026-02-09 00:00:00Z', '2026-02')`], ports)
  return ports
}

async function filesRead(ports: DeltaPorts, ranges: readonly ColumnRange[]): Promise<number> {
  const snapshot = await readSnapshot(sales.path, ports)
  const query = snapshot ? await scan(snapshot, ports, undefined, ranges) : ''
  return query.split('.parquet').length - 1
}

test.each<[string, ColumnRange[], number]>([
  ['without a range all files are read', [], 3],
  ['a price within one file', [{ column: 'price', min: 4, max: 6 }], 1],
  ['the very price', [{ column: 'price', min: 5, max: 5 }], 1],
  ['a price that nothing has', [{ column: 'price', min: 6 }], 0],
  ['a text between others', [{ column: 'item', min: 'b', max: 'pf' }], 1],
  ['a month by its partition', [{ column: 'month', min: '2026-02', max: '2026-02' }], 2],
  ['a time up to the last millisecond', [{ column: 'sold_at', max: '2026-01-05T00:00:00Z' }], 1],
  ['a time cut from its microseconds', [{ column: 'sold_at', min: '2026-02-05T00:00:00.001Z', max: '2026-02-06' }], 1],
  [
    'ranges of two columns',
    [
      { column: 'price', max: 9 },
      { column: 'month', min: '2026-02' },
    ],
    1,
  ],
])('scan() reads only files that may hold a row: %s', async (_, ranges, files) => {
  expect(await filesRead(await threeFiles(), ranges)).toBe(files)
})

test('a range over a column that the table has not is refused by name', async () => {
  const ports = await threeFiles()
  await expect(filesRead(ports, [{ column: 'colour', min: 1 }])).rejects.toThrow('Cannot look for colour')
})

test('no row within a range is ever in a file that is left out, whatever the values', async () => {
  const value = fc.oneof(fc.integer({ min: -50, max: 50 }), fc.double({ noNaN: true }), fc.constant(null))
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(value, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 }),
      ...[fc.double({ noNaN: true, noDefaultInfinity: true }), fc.double({ noNaN: true, noDefaultInfinity: true })],
      async (files, one, other) => {
        const ports = memoryPorts()
        const price = (each: number | null) => (each === null ? 'null::double' : `'${each}'::double`)
        for (const prices of files)
          await put(
            prices.map(each => `('x', ${price(each)}, null::timestamptz, 'm')`),
            ports,
          )
        const [min, max] = [Math.min(one, other), Math.max(one, other)]
        const snapshot = await readSnapshot(sales.path, ports)
        if (!snapshot) throw new Error('there is no table')
        await using session = await ports.sql.open()
        const within = async (from: string) =>
          await session.rows(
            `select count(*) as n from (${from}) where price between '${min}'::double and '${max}'::double`,
          )
        const ranges = [{ column: 'price', min, max }]
        expect(await within(await scan(snapshot, ports, undefined, ranges))).toEqual(
          await within(await scan(snapshot, ports)),
        )
      },
    ),
    { numRuns: 25 },
  )
})

test('in Z-order a search by either column reads few files, and the rows are the same', async () => {
  const ports = memoryPorts()
  await using session = await ports.sql.open()
  const query = `select 'item ' || range as item, (range * 7919) % 1000 / 1.0 as price, timestamptz '2026-01-01 00:00:00Z' + to_seconds((range * 104729) % 100000) as sold_at, 'm' as month from range(500000)`
  await writeTable(sales, query, { session, replace: 'none' }, ports)
  const total = async () => {
    const snapshot = await readSnapshot(sales.path, ports)
    const from = snapshot ? await scan(snapshot, ports) : ''
    return await session.rows(
      `select count(*) as rows, sum(price) as prices, count(distinct item) as items from (${from})`,
    )
  }
  const before = await total()
  const options = { session, zOrder: ['price', 'sold_at'], targetBytes: 100_000 }
  const { added = 0 } = await optimize(sales.path, options, ports)
  expect(await total()).toEqual(before)
  expect(added).toBeGreaterThan(1)
  expect(await filesRead(ports, [{ column: 'price', min: 10, max: 11 }])).toBeLessThanOrEqual(Math.ceil(added / 2))
  expect(
    await filesRead(ports, [{ column: 'sold_at', min: '2026-01-01T00:01:00Z', max: '2026-01-01T00:02:00Z' }]),
  ).toBeLessThanOrEqual(Math.ceil(added / 2))
  expect(await optimize(sales.path, options, ports)).toMatchObject({ version: undefined })
  await expect(optimize(sales.path, { session, zOrder: ['month'] }, ports)).rejects.toThrow(
    'Cannot order gold/sales by month',
  )
})
