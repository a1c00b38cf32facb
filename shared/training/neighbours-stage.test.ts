import { expect, test } from 'vitest'
import { fittedShop, hourMs, shoppers } from '../../tests/fitted-shop.ts'
import { runJob } from '../../tests/memory-shop.ts'
import { valueAt } from '../publishing/slots.ts'
import { collections } from '../schemas/collections.ts'

test('items that two visitors looked at in one go are published as looked at together, what one did is chance', async () => {
  const { ports } = await fittedShop()
  await shoppers(ports, [
    ...[...['i1', 'i4', 'i7'], ...['i1', 'i4']].map((itemId, place): [string, 'view', string] => {
      return [place < 3 ? 'vera' : 'will', 'view', itemId]
    }),
  ])
  ports.advance(hourMs)
  // Of an hour later, so not of the same visit.
  await shoppers(ports, [
    ['vera', 'view', 'i9'],
    ['will', 'view', 'i9'],
  ])
  ports.advance(24 * hourMs)
  const run = await runJob('refresh', ports)
  const stored = await ports.documents.read(collections.itemNeighbours, { id: 'i1', partition: 'i1' })
  expect(stored && valueAt(stored.document, run.token)?.viewed).toEqual([['i4', 1]])
})
