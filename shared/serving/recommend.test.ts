import { describe, expect, test } from 'vitest'
import {
  goLive,
  listed,
  putCounters,
  putItem,
  putLists,
  putModel,
  putNeighbours,
  putPopularity,
  putProfile,
  type ShopByHand,
  shopByHand,
} from '../../tests/served-shop.ts'
import { collections } from '../schemas/collections.ts'
import type { ListRequest } from './list-request.ts'
import { recommend } from './recommend.ts'

/** Pad and tea sell; pen's neighbours are ink and pad; anna has a trained list. */
async function trainedShop(): Promise<ShopByHand> {
  const of = await shopByHand()
  await goLive(of.ports)
  await putLists(of.ports, 'anna', { items: { tea: 2, ink: 1.6, jam: 0.4 }, bought: ['cup'] })
  await putNeighbours(of.ports, 'pen', { als: { ink: 0.9, pad: 0.3 } })
  await putPopularity(of.ports, { pad: 4, tea: 3, pen: 2, ink: 1 })
  await putPopularity(of.ports, { pad: 4, pen: 2, ink: 1 }, 'Office')
  await putPopularity(of.ports, { tea: 3 }, 'Kitchen')
  return of
}
const listFor = async (userId: string, { shop }: ShopByHand, request: Partial<ListRequest> = {}) =>
  (await listed({ userId, ...request }, shop)).map(({ rung, itemId }) => `${rung} ${itemId}`)

describe('the ladder', () => {
  test('of a user with a trained list begins with it, then goes on with what is popular where they buy', async () => {
    const list = await listFor('anna', await trainedShop())
    expect(list).toEqual([...['personal tea', 'personal ink', 'personal jam', 'trending pad', 'trending pen']])
  })

  test('of a user with recent events alone begins with their neighbours, then their category, then the shop', async () => {
    const of = await trainedShop()
    await putItem(of.ports.documents, 'nib', { category: 'Office' })
    await putPopularity(of.ports, { nib: 9, pad: 4 }, 'Office')
    await putProfile(of.ports, 'ben', [['pen', 'view', 60]])
    expect(await listFor('ben', of)).toEqual([
      'session ink',
      'session pad',
      'category nib',
      'trending tea',
      'trending pen',
      'catalogue cup',
      'catalogue jam',
    ])
  })

  test('of an unknown user is what is trending', async () => {
    expect(await listFor('nobody', await trainedShop())).toEqual([
      ...['trending pad', 'trending tea', 'trending pen', 'trending ink', 'catalogue cup', 'catalogue jam'],
    ])
  })

  test('of a shop that never published is what the stream says, then what there is', async () => {
    const of = await shopByHand()
    await putCounters(of.ports, { tea: 3 })
    await putProfile(of.ports, 'anna', [['pen', 'view', 60]])
    expect((await listFor('anna', of)).slice(0, 2)).toEqual(['trending tea', 'catalogue cup'])
  })

  test('keeps to the category asked for on every rung', async () => {
    expect(await listFor('anna', await trainedShop(), { category: 'Office' })).toEqual([
      ...['personal ink', 'category pad', 'category pen'],
    ])
  })
})

describe('a trained list', () => {
  test('has scores relative to its best and says why', async () => {
    const { shop } = await trainedShop()
    const [first, second] = await listed({ userId: 'anna', limit: 2 }, shop)
    expect([first?.score, second?.score]).toEqual([1, 0.8])
    expect(first?.reason).toMatchObject({ code: 'personal', text: 'Picked for you from what shoppers like you buy' })
  })

  test('never holds what was bought, in files or through the stream', async () => {
    const of = await trainedShop()
    await putLists(of.ports, 'anna', { items: { cup: 3, tea: 2 }, bought: ['cup'] })
    await putProfile(of.ports, 'anna', [['tea', 'purchase', -60]])
    expect(await listFor('anna', of, { category: 'Kitchen' })).toEqual(['catalogue jam'])
  })

  test('is changed by a fresh purchase: the bought item is gone, its neighbours are in, and the reason names it', async () => {
    const of = await trainedShop()
    const { shop } = of
    const request = { userId: 'anna', limit: 3 }
    const before = await listed(request, shop)
    expect(before.map(({ itemId }) => itemId)).toEqual(['tea', 'ink', 'jam'])

    await putProfile(of.ports, 'anna', [['pen', 'purchase', 60]])
    const after = await listed(request, shop)
    // By weights 1 and 0.6: ink 0.8 + 0.6 = 1.4, the best; tea 1; pad 0.6 × 0.3 / 0.9 and jam 0.2 are level, jam was first.
    expect(after.map(({ itemId, score, rung }) => [rung, itemId, Number(score.toFixed(3))])).toEqual([
      ['personal', 'ink', 1],
      ['personal', 'tea', 0.714],
      ['personal', 'jam', 0.143],
    ])
    const neighbours = await listed({ ...request, sources: ['item_neighbours'] }, shop)
    expect(neighbours[0]?.reason).toMatchObject({ code: 'recent', text: 'Because you bought The pen' })
    expect(after[1]?.reason.code).toBe('personal')
  })

  test('is not changed by what was done before it was made: that is in it', async () => {
    const of = await trainedShop()
    await putProfile(of.ports, 'anna', [['pen', 'view', -60]])
    expect((await listFor('anna', of)).slice(0, 3)).toEqual(['personal tea', 'personal ink', 'personal jam'])
  })

  test('leaves out what got a thumb down, and does not go by it', async () => {
    const of = await trainedShop()
    await putProfile(of.ports, 'anna', [['pen', 'feedback', 60]], { disliked: ['pen', 'tea'] })
    const list = await listFor('anna', of)
    expect(list.slice(0, 2)).toEqual(['personal ink', 'personal jam'])
    expect(list.join()).not.toMatch(/pen|tea/)
  })

  test('keeps its scores when what the user did since has no neighbours', async () => {
    const of = await trainedShop()
    const before = await listed({ userId: 'anna', limit: 2 }, of.shop)
    await putProfile(of.ports, 'anna', [['jam', 'view', 60]])
    expect(await listed({ userId: 'anna', limit: 2 }, of.shop)).toEqual(before)
  })

  test('of the live generation is read, not of the one being published', async () => {
    const of = await trainedShop()
    const { ports } = of
    const key = { id: 'anna', partition: 'anna' }
    const stored = await ports.documents.read(collections.userLists, key)
    if (!stored) throw new Error('There is no list')
    const value = { items: stored.document.a?.value.items.slice(1) ?? [], purchases: [] }
    await ports.documents.upsert(collections.userLists, { ...stored.document, b: { generation: 2, value } })
    expect((await listFor('anna', of))[0]).toBe('personal tea')
    await goLive(ports, 2)
    // The pointer is looked at again after two seconds, in the background.
    ports.advance(30_000)
    expect((await listFor('anna', of))[0]).toBe('personal ink')
  })
})

describe('a vector made on the spot', () => {
  /** The trained shop with a model in memory: pen, ink and pad are of one taste, cup, tea and jam of another. */
  async function shopWithModel(options: { itemLinearShare?: number } = {}): Promise<ShopByHand> {
    const of = await trainedShop()
    const office = { pen: [1, 0], ink: [0.9, 0], pad: [0.8, 0.1] }
    await putModel(of.ports, { ...office, cup: [0, 1], tea: [0, 0.9], jam: [0.1, 0.8] }, 1, options)
    await listed({ userId: 'nobody', limit: 1 }, of.shop)
    await of.shop.modelSettled()
    return of
  }

  test('gives a newcomer a personal list after one event, by taste and by what is near that event', async () => {
    const of = await shopWithModel()
    await putProfile(of.ports, 'ben', [['pen', 'view', 60]])
    const list = await listed({ userId: 'ben', limit: 4 }, of.shop)
    expect(list.map(({ rung, itemId }) => `${rung} ${itemId}`)).toEqual([
      ...['personal ink', 'personal pen', 'personal pad', 'personal jam'],
    ])
    expect(list[0]?.contributions.map(({ source }) => source)).toEqual(['fold_in', 'item_neighbours'])
    expect(list[0]?.reason.code).toBe('personal')
  })

  test('covers the whole catalogue: of the category asked for, and never what was bought', async () => {
    const of = await shopWithModel()
    await putProfile(of.ports, 'ben', [['cup', 'purchase', 60]])
    expect((await listFor('ben', of, { category: 'Kitchen' })).slice(0, 2)).toEqual(['personal tea', 'personal jam'])
  })

  test('counts what the user bought before, as the published list holds it', async () => {
    const of = await shopWithModel()
    await putLists(of.ports, 'anna', { items: { ink: 2 }, bought: ['cup', 'tea'] })
    await putProfile(of.ports, 'anna', [['pad', 'view', 60]])
    expect((await listFor('anna', of))[0]).toBe('personal jam')
  })

  test('leaves the published list the share that only a refresh can compute', async () => {
    const best = async (itemLinearShare: number) => {
      const of = await shopWithModel({ itemLinearShare })
      await putLists(of.ports, 'anna', { items: { ink: 2 }, bought: ['tea'] })
      await putProfile(of.ports, 'anna', [['cup', 'view', 60]])
      return (await listFor('anna', of))[0]
    }
    expect(await best(0)).toBe('personal cup')
    expect(await best(0.9)).toBe('personal ink')
  })

  test('brings the list up to the newest event; without it the list says how many seconds it is behind', async () => {
    const behind = async ({ shop }: ShopByHand) =>
      (await recommend({ placement: 'home', userId: 'anna', limit: 3, seed: 's' }, shop)).secondsBehind
    const without = await trainedShop()
    expect(await behind(without)).toBe(0)
    await putProfile(without.ports, 'anna', [['pen', 'view', 60]])
    expect(await behind(without)).toBe(60)
    const withModel = await shopWithModel()
    await putProfile(withModel.ports, 'anna', [['pen', 'view', 60]])
    expect(await behind(withModel)).toBe(0)
  })

  test('is not made for a user who did nothing since: the published list is right', async () => {
    const of = await shopWithModel()
    await putProfile(of.ports, 'anna', [['pen', 'purchase', -60]])
    expect((await listFor('anna', of)).slice(0, 3)).toEqual(['personal tea', 'personal ink', 'personal jam'])
  })

  test('takes nothing from what got a thumb down', async () => {
    const of = await shopWithModel()
    await putProfile(
      of.ports,
      'ben',
      [
        ['pen', 'feedback', 60],
        ['cup', 'view', 61],
      ],
      { disliked: ['pen'] },
    )
    const list = await listFor('ben', of)
    expect(list.slice(0, 3)).toEqual(['personal cup', 'personal tea', 'personal jam'])
  })
})
