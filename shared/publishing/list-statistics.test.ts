import { expect, test } from 'vitest'
import { fittedShop, hourMs, shoppers } from '../../tests/fitted-shop.ts'
import { jobs, runJob } from '../../tests/memory-shop.ts'
import { memoryPorts } from '../adapters/memory/ports.ts'
import type { Ports } from '../ports.ts'
import { collections } from '../schemas/collections.ts'
import { toldLists } from '../serving/cache/told-lists.ts'

const told = ({ clock, documents }: Ports, afterMs = 0) => toldLists(clock() + afterMs, documents)
const counts = (staleness: readonly { lists: number }[] = []) => staleness.map(({ lists }) => lists)

test('before the first refresh nothing is told of lists', async () => {
  expect(await told(memoryPorts())).toBeUndefined()
})

test('after a full fit every user has a list, every item is in one, and all are as old as the fit', async () => {
  const { ports } = await fittedShop()
  const now = await told(ports)
  expect(now).toMatchObject({
    users: { known: 12, listed: 12, share: 1 },
    items: { known: 12, listed: 12, share: 1 },
    mean_age_seconds: 6 * 3600,
  })
  expect(counts(now?.staleness)).toEqual([0, 12, 0, 0, 0, 0])
  const later = await told(ports, 25 * hourMs)
  expect(later?.mean_age_seconds).toBe(31 * 3600)
  expect(counts(later?.staleness)).toEqual([0, 0, 0, 12, 0, 0])
})

test('an increment makes younger the lists that it made, and a full fit all of them', async () => {
  const { ports } = await fittedShop()
  await shoppers(ports, [
    ['u4', 'view', 'i1'],
    ['nova', 'view', 'i1'],
  ])
  await runJob('refresh', ports)
  const now = await told(ports, hourMs)
  expect(now?.users).toEqual({ known: 13, listed: 13, share: 1 })
  expect(counts(now?.staleness)).toEqual([2, 0, 11, 0, 0, 0])
  expect(now?.mean_age_seconds).toBe(Math.round((11 * (7 * 3600 + 2) + 2 * 3600) / 13))
  await runJob('refresh', ports, jobs, { refit: true })
  expect(counts((await told(ports))?.staleness)).toEqual([13, 0, 0, 0, 0, 0])
})

test('what was counted before is gone, and the next refresh counts what it has made itself', async () => {
  const { ports } = await fittedShop()
  const stored = await ports.documents.read(collections.listStatistics, { id: 'lists', partition: 'lists' })
  for (const path of Object.values(stored?.document.files ?? {})) await ports.blobs.remove(path)
  await shoppers(ports, [['u4', 'view', 'i1']])
  await runJob('refresh', ports)
  expect((await told(ports))?.users).toEqual({ known: 12, listed: 1, share: 0.083333 })
})

test('a visitor is no known user, as lists are made for visitors when they ask', async () => {
  const { ports } = await fittedShop()
  await shoppers(ports, [['session:s1', 'view', 'i1']])
  await runJob('refresh', ports)
  expect((await told(ports))?.users).toEqual({ known: 12, listed: 12, share: 1 })
})
