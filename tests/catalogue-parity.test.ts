import { expect, test } from 'vitest'
import { type MemoryPorts, memoryPorts } from '../shared/adapters/memory/ports.ts'
import { seededRandom } from '../shared/algorithms/random.ts'
import { ingestChanges } from '../shared/ingest/catalog-changes/ingest-changes.ts'
import { eventsStage } from '../shared/ingest/events-stage.ts'
import { silverStage } from '../shared/lake/silver/silver-stage.ts'
import { silverCustomers, silverProducts } from '../shared/lake/tables/silver-tables.ts'
import type { Stage, StageContext } from '../shared/runs/stage.ts'
import { isOffered } from '../shared/schemas/catalogue.ts'
import { collections } from '../shared/schemas/collections.ts'
import { tableRows } from './bronze-rows.ts'
import { aChange } from './changes.ts'
import { deliveredFrom, noon } from './events.ts'

async function run(stage: Stage, context: StageContext): Promise<void> {
  let chunks = await stage.plan(context)
  for (let round = 0; chunks.length > 0; round++) {
    const metrics = []
    for (const chunk of chunks) metrics.push(await stage.run(chunk, context))
    chunks = (await stage.planNext?.(context, { round, chunks, metrics })) ?? []
  }
}

/** Changes of some items, of all kinds, with times in any order. */
function someChanges(seed: number): Record<string, unknown>[] {
  const random = seededRandom(seed)
  const below = (bound: number) => Math.floor(bound * random())
  const told = () => ({
    ...(below(2) === 0 ? { name: `Pen ${below(9)}` } : {}),
    ...(below(2) === 0 ? { price: below(9) } : {}),
    ...(below(3) === 0 ? { stock: below(2) } : {}),
    ...(below(3) === 0 ? { in_stock: below(2) === 0 } : {}),
    ...(below(3) === 0 ? { tags: [['red', ' dry ', 'red'], [], ['', 'sweet']][below(3)] } : {}),
    ...(below(3) === 0 ? { channels: [['Web', 'app'], []][below(2)], regions: [['Nord'], null][below(2)] } : {}),
    ...(below(3) === 0 ? { min_age: [0, 18][below(2)], hidden: below(2) === 0 } : {}),
    ...(below(3) === 0 ? { brand: `Brand ${below(3)}`, cost: below(9) } : {}),
  })
  return Array.from({ length: 120 }, () => {
    const op = ['insert', 'update', 'update', 'delete'][below(4)]
    const entity = ['item', 'item', 'stock', 'price'][below(4)]
    return aChange(below(100_000), { op, entity, key: `pen-${below(25)}`, data: told() })
  })
}

test.each([1, 2, 3])(
  'what the hub’s changes make of a product at once is what the lake makes of them (%i)',
  async seed => {
    const ports = memoryPorts({ now: noon + 100_000_000 })
    const changes = someChanges(seed)
    for (let from = 0; from < changes.length; from += 20) {
      const events = deliveredFrom(from, changes.slice(from, from + 20))
      await ingestChanges({ partition: '0', events: events.map(later) }, { pseudonymKey: 'key' }, ports)
    }
    await refine(ports)
    const rows = await tableRows(silverProducts, ports)
    expect(rows.length).toBeGreaterThan(10)
    for (const { item_id, name, price, in_stock, is_deleted, ...row } of rows) {
      const id = String(item_id)
      const found = (await ports.documents.read(collections.items, { id, partition: id }))?.document
      const isShown = !is_deleted && name !== null && price !== null
      expect([id, found && isOffered(found)]).toEqual([id, isShown])
      if (!isShown) continue
      const list = (column: string) =>
        String(row[column] ?? '')
          .split('|')
          .filter(Boolean)
      expect(found).toMatchObject({ name, price, in_stock })
      expect({
        ...{ tags: found?.tags ?? [], channels: found?.channels ?? [], regions: found?.regions ?? [] },
        ...{ min_age: found?.min_age ?? 0, hidden: found?.hidden ?? false },
        ...{ brand: found?.brand ?? null, cost: found?.cost ?? null },
      }).toEqual({
        ...{ tags: list('tags'), channels: list('channels'), regions: list('regions') },
        ...{ min_age: row.min_age ?? 0, hidden: row.hidden ?? false, brand: row.brand, cost: row.cost },
      })
    }
  },
)

test('where customers live and when they were born is the same at once and by the lake', async () => {
  const ports = memoryPorts({ now: noon + 100_000_000 })
  const told: Record<string, Record<string, unknown>> = {
    anna: { region: 'Nord', birth_date: '1990-12-31' },
    ben: { birth_year: 1980, age: 3 },
    cleo: { age: 30, region: ' Sud ' },
    dora: { country: 'Malta' },
    emil: { birth_date: '1990-01-01T00:30:00+02:00' },
  }
  const changes = Object.entries(told).map(([key, data], at) => aChange(at, { entity: 'customer', key, data }))
  await ingestChanges({ partition: '0', events: deliveredFrom(0, changes).map(later) }, { pseudonymKey: 'key' }, ports)
  await refine(ports)
  const rows = await tableRows(silverCustomers, ports)
  expect(rows).toHaveLength(5)
  for (const { user_id, region, birth_year } of rows) {
    const partition = String(user_id)
    const found = (await ports.documents.read(collections.customers, { id: 'customer', partition }))?.document
    expect([partition, found?.region ?? null, found?.birth_year ?? null]).toEqual([partition, region, birth_year])
  }
})

/** What came through the hub -> silver. */
async function refine(ports: MemoryPorts): Promise<void> {
  const context: StageContext = {
    ...{ runId: 'r1', token: 1, createdAt: new Date(noon).toISOString(), ports },
    ...{ progress: async () => undefined, note: () => undefined },
  }
  await run(eventsStage, context)
  await run(silverStage({ pseudonymKey: 'key' }), context)
}

/** Enqueued after all that the changes tell of. */
const later = <Event extends object>(event: Event) => ({
  ...event,
  enqueuedAt: new Date(noon + 100_000_000).toISOString(),
})
