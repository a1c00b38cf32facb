import { expect, test } from 'vitest'
import { metricsOf } from '../../tests/fitted-shop.ts'
import { drop, jobsWith, runJob, smallTraining } from '../../tests/memory-shop.ts'
import { memoryPorts } from '../adapters/memory/ports.ts'
import { valueAt } from '../publishing/slots.ts'
import { collections } from '../schemas/collections.ts'
import { segmentPopularityId } from '../schemas/published.ts'

const jobs = jobsWith({ ...smallTraining, segments: 2 })

/** Thirty users who buy cheap mugs every third day, and thirty who bought one dear sofa once, long ago. */
async function shopOfTwoKinds() {
  const ports = memoryPorts({ now: Date.UTC(2026, 0, 1) })
  await drop(ports, 'products/all.csv', [
    'item_id,name,category,price',
    ...Array.from({ length: 6 }, (_, item) => `mug${item},Mug ${item},Kitchen,${2 + item / 10}`),
    ...Array.from({ length: 6 }, (_, item) => `sofa${item},Sofa ${item},Furniture,${900 + item}`),
  ])
  const lines: string[] = []
  for (let user = 0; user < 30; user++) {
    for (let order = 0; order < 5; order++) {
      const at = `2025-12-${String(14 + 3 * order).padStart(2, '0')}T10:00:00Z`
      lines.push(`often${user}-${order},often${user},${at},mug${(user + order) % 6},1,2`)
    }
    lines.push(
      `once${user},once${user},2025-06-${String(1 + (user % 28)).padStart(2, '0')}T12:00:00Z,sofa${user % 6},1,900`,
    )
  }
  await drop(ports, 'orders/all.csv', ['order_id,customer_id,ordered_at,item_id,quantity,unit_price', ...lines])
  await runJob('lake', ports, jobs)
  return ports
}

test('users who behave alike are of one segment: named, kept with their lists, with what it buys', async () => {
  const ports = await shopOfTwoKinds()
  const run = await runJob('refresh', ports, jobs)
  expect(metricsOf(run, 'segments')).toMatchObject({ segments: 2, users: 60 })
  const segmentOf = async (userId: string, generation: number) => {
    const lists = await ports.documents.read(collections.userLists, { id: userId, partition: userId })
    return lists && valueAt(lists.document, generation)?.segment
  }
  const often = (await segmentOf('often0', run.token)) ?? ''
  const once = (await segmentOf('once0', run.token)) ?? ''
  expect([often, once].toSorted()).toEqual(['s1', 's2'])
  for (let user = 1; user < 30; user++) {
    expect(await segmentOf(`often${user}`, run.token)).toBe(often)
    expect(await segmentOf(`once${user}`, run.token)).toBe(once)
  }
  const [generation] = await Array.fromAsync(
    ports.documents.query(collections.generations, { equal: { run_id: run.run_id } }),
  )
  const segments = generation?.[0]?.segments ?? []
  expect(segments.find(({ key }) => key === often)).toMatchObject({
    users: 30,
    name: 'frequent, low price',
  })
  expect(segments.find(({ key }) => key === once)?.name).toContain('Furniture')
  const id = segmentPopularityId(often)
  const popular = await ports.documents.read(collections.popularity, { id, partition: id })
  const items = (popular && valueAt(popular.document, run.token)?.items) ?? []
  expect(items).toHaveLength(6)
  expect(items.every(([itemId]) => itemId.startsWith('mug'))).toBe(true)

  // A later fit begins with the segments there are: their keys stay. An increment leaves them as they are.
  const refit = await runJob('refresh', ports, jobs, { refit: true })
  expect([await segmentOf('often0', refit.token), await segmentOf('once0', refit.token)]).toEqual([often, once])
  await drop(ports, 'orders/more.csv', [
    'order_id,customer_id,ordered_at,item_id,quantity,unit_price',
    ...[0, 1, 2, 3, 4].map(order => `new${order},newcomer,2025-12-${24 + order}T10:00:00Z,mug${order},1,2`),
  ])
  await runJob('lake', ports, jobs)
  const increment = await runJob('refresh', ports, jobs)
  expect(metricsOf(increment, 'decide')).toMatchObject({ refit: 0 })
  expect(await segmentOf('newcomer', increment.token)).toBe(often)
})

test('a shop of few users has no segments', async () => {
  const ports = memoryPorts({ now: Date.UTC(2026, 0, 1) })
  await drop(ports, 'products/all.csv', ['item_id,name,category,price', 'pen,Pen,Office,1', 'ink,Ink,Office,2'])
  await drop(ports, 'orders/all.csv', [
    'order_id,customer_id,ordered_at,item_id,quantity,unit_price',
    'o1,anna,2025-12-01T10:00:00Z,pen,1,1',
    'o2,ben,2025-12-02T10:00:00Z,ink,1,2',
  ])
  await runJob('lake', ports, jobs)
  const run = await runJob('refresh', ports, jobs)
  expect([run.status, metricsOf(run, 'segments')?.segments]).toEqual(['completed', 0])
})
