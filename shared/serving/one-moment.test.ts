import { expect, test } from 'vitest'
import { goLive, listed, putLists, shopByHand } from '../../tests/served-shop.ts'
import { oneMoment } from './one-moment.ts'

test('a request stays with the generation it began with when the pointer flips under it', async () => {
  const of = await shopByHand()
  await goLive(of.ports)
  await putLists(of.ports, 'anna', { items: { tea: 2 } })
  let flips = 0
  const flipping = {
    ...of.shop,
    live: async () => {
      const live = await of.shop.live()
      flips += 1
      return live && { ...live, generation: live.generation + flips - 1, model_version: `v${flips}` }
    },
  }
  const shop = oneMoment(flipping)
  expect((await listed({ userId: 'anna', limit: 5 }, shop))[0]?.itemId).toBe('tea')
  expect((await shop.live())?.model_version).toBe('v1')
  expect(flips).toBe(1)
})
