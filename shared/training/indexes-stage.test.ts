import { expect, test } from 'vitest'
import { fittedShop, metricsOf, shoppers } from '../../tests/fitted-shop.ts'
import { drop, runJob } from '../../tests/memory-shop.ts'
import type { MemoryPorts } from '../adapters/memory/ports.ts'
import { decodeUserHistories } from '../algorithms/user-histories.ts'
import { collections } from '../schemas/collections.ts'
import { liveModel } from '../serving/live-model.ts'
import { loadIndexes } from '../serving/load-indexes.ts'
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

test('a product that nobody had to do with is among the products of the next increment, by what is told of it', async () => {
  const { ports } = await fittedShop()
  await drop(ports, 'products/new.csv', [
    'item_id,name,category,price,brand,tags,description',
    'n1,Blue lamp,Lights,20,Acme,gift|sale,A lamp for the desk',
    'n2,Red lamp,Lights,30,Acme,,Stands on a desk',
  ])
  await runJob('lake', ports)
  const next = await runJob('refresh', ports)
  expect(metricsOf(next, 'content')).toMatchObject({ items: 14 })
  const { indexes = {} } = await readManifest(next.run_id, ports.blobs)
  const { content } = await loadIndexes(indexes, ports.blobs)
  if (!content) throw new Error('The manifest names no content')
  const row = content.rowOf.get('n1') ?? -1
  const features = Array.from(
    content.rows.indices.subarray(content.rows.indptr[row], content.rows.indptr[row + 1]),
    column => content.features[column],
  )
  const expected = ['brand:Acme', 'category:Lights', 'desk', 'lamp', 'price:16', 'price:32', 'tag:gift', 'tag:sale']
  expect(features.toSorted()).toEqual(expected)
})
