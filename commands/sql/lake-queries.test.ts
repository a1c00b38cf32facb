import { expect, test } from 'vitest'
import { type MemoryPorts, memoryPorts } from '../../shared/adapters/memory/ports.ts'
import { writeTable } from '../../shared/lake/delta/write-table.ts'
import { dailySales } from '../../shared/lake/tables/gold-tables.ts'
import { definitionOf } from '../../shared/lake/tables/table.ts'
import { answer } from './lake-queries.ts'

const january = `select date '2026-01-05' as day, 'books' as category, 10.0 as revenue, '2026-01' as month`
const february = `select date '2026-02-05' as day, 'toys' as category, 7.5 as revenue, '2026-02' as month`

/** Daily sales of January in version 0, committed on the 1st; of February too in version 1, committed on the 2nd. */
async function salesInTwoVersions(): Promise<MemoryPorts> {
  const ports = memoryPorts({ now: Date.UTC(2026, 2, 1) })
  await using session = await ports.sql.open()
  await writeTable(definitionOf(dailySales), january, { session, replace: 'none' }, ports)
  ports.advance(86_400_000)
  await writeTable(definitionOf(dailySales), february, { session, replace: 'none' }, ports)
  return ports
}

async function asked(statement: string, ports: MemoryPorts, asOf?: { version: number } | { timestampMs: number }) {
  await using session = await ports.sql.open()
  return await answer(statement, { session, asOf }, ports)
}

test('answer() finds a table by its schema and by its view, at its newest version', async () => {
  const ports = await salesInTwoVersions()
  const query =
    'select sum(a.revenue) as a, sum(b.revenue) as b from gold.daily_sales a join gold_daily_sales b using (day)'
  expect((await asked(query, ports)).rows).toEqual([{ a: 17.5, b: 17.5 }])
})

test('answer() compares a table with what it was', async () => {
  const ports = await salesInTwoVersions()
  const query = 'select category from gold.daily_sales except select category from gold.daily_sales@0'
  expect((await asked(query, ports)).rows).toEqual([{ category: 'toys' }])
  const dayBefore = 'select category from gold.daily_sales@2026-03-01T12:00Z'
  expect((await asked(dayBefore, ports)).rows).toEqual([{ category: 'books' }])
  expect((await asked('select count(*) as n from gold.daily_sales', ports, { version: 0 })).rows).toEqual([{ n: 1 }])
})

test('answer() names the newest version when there is none such, and tables nobody has written yet', async () => {
  const ports = await salesInTwoVersions()
  await expect(asked('from gold.daily_sales@7', ports)).rejects.toThrow(
    'Cannot read gold/daily_sales as it has no version 7: its newest version is 1 of 2026-03-02T00:00:00.000Z',
  )
  expect(await asked('select order_id from silver.orders', ports)).toEqual({ rows: [], missing: ['silver/orders'] })
})
