import { expect, test } from 'vitest'
import { fittedShop, metricsOf, shoppers } from '../../tests/fitted-shop.ts'
import { runJob } from '../../tests/memory-shop.ts'
import type { MemoryPorts } from '../adapters/memory/ports.ts'
import { decodeUserHistories } from '../algorithms/user-histories.ts'
import { collections } from '../schemas/collections.ts'
import { liveModel } from '../serving/live-model.ts'
import { readContent } from './content-blobs.ts'
import { readNames } from './dataset-blobs.ts'
import { readManifest } from './model.ts'

/** Items of each user of a run's index, by name, newest first; users in its order. */
async function historiesOf(runId: string, ports: MemoryPorts): Promise<string[][]> {
  const { indexes } = await readManifest(runId, ports.blobs)
  if (!indexes?.userHistories) throw new Error('The manifest names no histories')
  const { users, indptr, itemsOf } = decodeUserHistories(await readContent(indexes.userHistories, ports.blobs))
  const names = await readNames({ runId, ports }, 'items')
  return Array.from({ length: users }, (_, user) =>
    Array.from(itemsOf.subarray(indptr[user], indptr[user + 1]), item => names[item] ?? ''),
  )
}

test('a fit names the latest items of every user, newest first, and so does an increment with what is new', async () => {
  const { ports, first } = await fittedShop()
  const before = await historiesOf(first.run_id, ports)
  expect(before).toHaveLength(12)
  expect(before).toContainEqual(['i10', 'i8', 'i6', 'i2', 'i0'])
  await shoppers(ports, [['u4', 'view', 'i4']])
  const next = await runJob('refresh', ports)
  expect(metricsOf(next, 'decide')).toMatchObject({ refit: 0 })
  const [latest] = await historiesOf(next.run_id, ports)
  expect(latest).toEqual(['i4', 'i10', 'i8', 'i6', 'i2', 'i0'])
})

test('an instance holds what the live manifest names', async () => {
  const { ports } = await fittedShop()
  const pointer = await ports.documents.read(collections.livePointer, { id: 'live', partition: 'live' })
  if (!pointer) throw new Error('Nothing is live')
  const model = liveModel(ports)
  model.current(pointer.document)
  await model.settled()
  expect(model.current(pointer.document)?.indexes?.userNeighbours).toBeTypeOf('function')
})
