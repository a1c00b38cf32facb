import { expect, test } from 'vitest'
import { memoryPorts } from '../shared/adapters/memory/ports.ts'
import { scan } from '../shared/lake/delta/scan.ts'
import { readSnapshot } from '../shared/lake/delta/snapshot.ts'
import { shopCatalogue, writeTrainingShop } from './training-shop.ts'

const size = { users: 200, items: 300, interactions: 4_000 }

test('a bench’s shop has a year of rows in the training table, each once, all of items of its catalogue', async () => {
  const ports = memoryPorts()
  const { rows } = await writeTrainingShop(size, { seed: 1, ports })
  expect(rows).toBeGreaterThan(0.9 * size.interactions)
  const snapshot = await readSnapshot('gold/training_interactions', ports)
  if (!snapshot) throw new Error('there is no table')
  await using session = await ports.sql.open()
  const [found] = await session.rows(
    `select count(distinct identity) as different, count(distinct month) as months from (${await scan(snapshot, ports)})`,
  )
  expect(found).toEqual({ different: rows, months: 12 })
  const items = await session.rows(`select distinct item_id from (${await scan(snapshot, ports)})`)
  const catalogue = new Set([...shopCatalogue(size, { seed: 1 })].map(({ id }) => String(id)))
  expect(items.filter(({ item_id: id }) => !catalogue.has(String(id)))).toEqual([])
})
