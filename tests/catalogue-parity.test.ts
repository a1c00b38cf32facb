import { expect, test } from 'vitest'
import { memoryPorts } from '../shared/adapters/memory/ports.ts'
import { seededRandom } from '../shared/algorithms/random.ts'
import { ingestChanges } from '../shared/ingest/catalog-changes/ingest-changes.ts'
import { eventsStage } from '../shared/ingest/events-stage.ts'
import { silverStage } from '../shared/lake/silver/silver-stage.ts'
import { silverProducts } from '../shared/lake/tables/silver-tables.ts'
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
      await ingestChanges({ partition: '0', events: events.map(later) }, 'key', ports)
    }
    const context: StageContext = {
      ...{ runId: 'r1', token: 1, createdAt: new Date(noon).toISOString(), ports },
      ...{ progress: async () => undefined, note: () => undefined },
    }
    await run(eventsStage, context)
    await run(silverStage({ pseudonymKey: 'key' }), context)
    const rows = await tableRows(silverProducts, ports)
    expect(rows.length).toBeGreaterThan(10)
    for (const { item_id, name, price, in_stock, is_deleted } of rows) {
      const id = String(item_id)
      const found = (await ports.documents.read(collections.items, { id, partition: id }))?.document
      const isShown = !is_deleted && name !== null && price !== null
      expect([id, found && isOffered(found)]).toEqual([id, isShown])
      if (isShown) expect(found).toMatchObject({ name, price, in_stock })
    }
  },
)

/** Enqueued after all that the changes tell of. */
const later = <Event extends object>(event: Event) => ({
  ...event,
  enqueuedAt: new Date(noon + 100_000_000).toISOString(),
})
