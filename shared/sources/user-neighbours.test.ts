import { beforeEach, expect, test } from 'vitest'
import { asking } from '../../tests/asked-shop.ts'
import { goLive, putIndexes, putModel, type ShopByHand, shopByHand } from '../../tests/served-shop.ts'
import { csrFromTriples } from '../algorithms/csr.ts'
import { nameHash } from '../algorithms/name-numbers.ts'
import { encodeUserHistories, userHistories } from '../algorithms/user-histories.ts'
import { modelBlobs, writeContent } from '../training/content-blobs.ts'
import { userNeighbours } from './user-neighbours.ts'

/** Anna has pen, ink and pad, ben pen, ink and tea, carl cup and jam. */
const users = ['anna', 'ben', 'carl']
const rows = [
  ['pen', 'ink', 'pad'],
  ['pen', 'ink', 'tea'],
  ['cup', 'jam'],
]
const items = ['pen', 'ink', 'pad', 'cup', 'tea', 'jam']
let byHand: ShopByHand

beforeEach(async () => {
  byHand = await shopByHand()
  const { ports } = byHand
  await putModel(ports, Object.fromEntries(items.map(item => [item, [1]])))
  const rowOf = rows.flatMap((row, user) => row.map(() => user))
  const columnOf = rows.flat().map(item => items.indexOf(item))
  const histories = userHistories({
    userItems: csrFromTriples({ rows: 3, columns: 6, rowOf, columnOf, valueOf: columnOf.map(() => 1) }),
    times: new Uint32Array(columnOf.length),
    keyOf: user => nameHash(Buffer.from(users[user] ?? '')),
    ...{ usersMax: 10, itemsPerUser: 10, usersPerItem: 10 },
  })
  const userHistoriesBlob = await writeContent(encodeUserHistories(histories), {
    folder: modelBlobs,
    blobs: ports.blobs,
  })
  await putIndexes(ports, { userHistories: userHistoriesBlob })
  await goLive(ports)
})

test('a visitor without a name gets what those have who share what was looked at, and why', async () => {
  const ask = await asking(byHand, { did: [['pen', 'view', 10]] })
  const found = await userNeighbours.read(ask)
  expect(found.map(({ itemId }) => itemId).toSorted()).toEqual(['ink', 'pad', 'tea'])
  expect(found[0]).toEqual({ itemId: 'ink', score: 1, evidence: { type: 'users', users: 2, shared: ['pen'] } })
  expect(found.find(({ itemId }) => itemId === 'pad')?.evidence).toEqual({ type: 'users', users: 1, shared: ['pen'] })
})

test('nobody is their own neighbour, and what is unwanted is not proposed', async () => {
  const anna = await asking(byHand, { userId: 'anna', did: [['pen', 'view', 10]], unwanted: ['ink'] })
  expect((await userNeighbours.read(anna)).map(({ itemId }) => itemId)).toEqual(['tea'])
})

test('what was bought before counts, as does the cart', async () => {
  const bought = await asking(byHand, { lists: { purchases: [['cup', 5, 1]] } })
  expect((await userNeighbours.read(bought)).map(({ itemId }) => itemId)).toEqual(['jam'])
  const cart = await asking(byHand, { seeds: ['cup'] })
  expect((await userNeighbours.read(cart)).map(({ itemId }) => itemId)).toEqual(['jam'])
})

test('a visitor who did nothing, or only what no model knows, gets nothing', async () => {
  expect(await userNeighbours.read(await asking(byHand))).toEqual([])
  expect(await userNeighbours.read(await asking(byHand, { did: [['unicorn', 'view', 1]] }))).toEqual([])
})

test('a model without the index, as of an older version, proposes nothing', async () => {
  const { ports } = byHand
  await putModel(ports, { pen: [1] }, 2)
  await goLive(ports, 2)
  ports.advance(10_000)
  expect(await userNeighbours.read(await asking(byHand, { did: [['pen', 'view', 10]] }))).toEqual([])
})
