import { describe, expect, test } from 'vitest'
import { answeringShop } from '../../../tests/api-by-hand.ts'
import { goLive, hourMs, published, putCounters, putItem, putProfile } from '../../../tests/served-shop.ts'
import type { MemoryPorts } from '../../adapters/memory/ports.ts'
import { collections } from '../../schemas/collections.ts'
import { UserId } from '../../schemas/ids.ts'
import { Placement, type PlacementName } from '../../schemas/placements.ts'
import type { ListRequest } from '../list-request.ts'
import type { RecommendedList } from '../recommend.ts'
import { shop } from '../shop.ts'
import { heldList, heldLists } from './held-list.ts'
import { userCache } from './user-cache.ts'

const limits = {
  ...{ CACHE_USERS: 100, CACHE_MEGABYTES: 1, CACHE_TRUST_MS: 600, CACHE_LOOK_MS: 250, CACHE_STALE_SECONDS: 900 },
}

/** An instance that holds users in memory, with a list of Anna asked for again and again. */
async function instance(set: Partial<Record<PlacementName, Placement>> = {}) {
  const { ports } = await answeringShop()
  await ports.documents.upsert(collections.placements, { id: 'placements', placements: set })
  const served = shop(ports, { halfLifeMs: hourMs, users: userCache(limits) })
  const lists = heldLists<RecommendedList>(served, { ...ports, ...userCache(limits) })
  let [asked, whole] = [0, true]
  const ask = async (request: Partial<ListRequest> = {}) => {
    asked += 1
    const { items } = await heldList(
      { placement: 'home', userId: 'anna', limit: 3, seed: `${asked}`, ...request },
      { shop: served, lists, made: list => list, bytesOf: () => 1, isWhole: () => whole },
    )
    return items.map(({ itemId }) => itemId)
  }
  const later = async (ms: number) => {
    ports.advance(ms)
    // What is loaded in the background by the next to ask is there for the one after.
    await ask()
    await new Promise(setImmediate)
  }
  const notWhole = () => {
    whole = false
  }
  return { ports, served, lists, ask, later, notWhole }
}

async function putConsent({ documents, clock }: MemoryPorts, userId: string, isAllowed: boolean): Promise<void> {
  await documents.upsert(collections.consents, {
    ...{ id: 'consent', user_id: UserId.parse(userId), updated_at: new Date(clock()).toISOString() },
    ...{ personalization: isAllowed, tracking: isAllowed },
  })
}

describe('a list that was made a moment ago', () => {
  test('is given again while nothing it was made from changes', async () => {
    const { ask, lists } = await instance()
    const first = await ask()
    expect(await ask()).toEqual(first)
    expect(await ask({ limit: 2 })).toEqual(first.slice(0, 2))
    expect(lists.counts).toMatchObject({ hits: 1, misses: 2, entries: 2 })
  })

  test('is made anew once the user did something', async () => {
    const { ask, later, ports } = await instance()
    expect(await ask()).toContain('tea')
    await putProfile(ports, 'anna', [['tea', 'purchase', 0]])
    await later(700)
    expect(await ask()).not.toContain('tea')
  })

  test('is made anew once something it lists is sold out', async () => {
    const { ask, later, ports } = await instance()
    expect(await ask()).toContain('tea')
    await putItem(ports.documents, 'tea', { category: 'Kitchen', inStock: false })
    await later(1_200)
    await later(600)
    expect(await ask()).not.toContain('tea')
  })

  test('stands when the shop is read anew and says the same, whatever others do', async () => {
    const { ask, later, ports, lists } = await instance()
    const first = await ask()
    await putProfile(ports, 'ben', [['tea', 'purchase', 0]])
    await putItem(ports.documents, 'glue', { category: 'Office', inStock: false })
    await putCounters(ports, { jam: 5 })
    for (let round = 0; round < 4; round++) await later(5_000)
    expect(await ask()).toEqual(first)
    expect(lists.counts).toMatchObject({ misses: 1, hits: 5 })
  })

  test('is made anew at the moment a rule of its placement opens', async () => {
    const from = new Date(published + hourMs + 5_000).toISOString()
    const home = Placement.parse({
      ...{ sources: [{ source: 'als', weight: 1 }], pins: [{ item_id: 'pen', position: 1, from }] },
    })
    const { ask, ports } = await instance({ home })
    expect((await ask())[0]).not.toBe('pen')
    ports.advance(4_999)
    expect((await ask())[0]).not.toBe('pen')
    ports.advance(1)
    expect((await ask())[0]).toBe('pen')
  })

  test('is made anew at the full hour where a filter asks for the hour', async () => {
    const { ask, ports } = await instance()
    ports.advance(hourMs - 5_000)
    expect(await ask({ filter: '$hour = 1' })).toHaveLength(3)
    ports.advance(5_000)
    expect(await ask({ filter: '$hour = 1' })).toEqual([])
  })

  test('is made anew once another generation is live', async () => {
    const { ask, later, ports, lists } = await instance()
    await ask()
    await goLive(ports, 2)
    await later(2_000)
    await ask()
    expect(lists.counts.misses).toBe(2)
  })

  test('is made anew after half a minute in any case, and is not held on to', async () => {
    const { ask, lists, ports } = await instance()
    await ask()
    ports.advance(30_001)
    await ask({ limit: 1 })
    expect(lists.counts).toMatchObject({ hits: 0, entries: 1, evictions: 1 })
  })

  test('is one and the same for all who opted out, and the next one’s own once that is taken back', async () => {
    const { ask, ports, lists, later } = await instance()
    const own = await ask()
    for (const userId of ['anna', 'ben']) await putConsent(ports, userId, false)
    await later(700)
    const [annas, bens] = [await ask(), await ask({ userId: 'ben' })]
    expect(annas).toEqual(bens)
    expect(annas).not.toEqual(own)
    expect(lists.counts.entries).toBe(1)
    await putConsent(ports, 'anna', true)
    await later(700)
    expect(await ask()).toEqual(own)
  })

  test('is forgotten with the user', async () => {
    const { ask, lists, served } = await instance()
    await ask()
    served.held.forget('anna')
    expect(lists.counts.entries).toBe(0)
  })

  test.each([
    [
      'chance has a say in it',
      { home: Placement.parse({ sources: [{ source: 'als', weight: 1 }], exploration: 0.5 }) },
      {},
    ],
    ['it explores', { home: Placement.parse({ sources: [{ source: 'exploration', weight: 1 }] }) }, {}],
    ['it goes on from an earlier page', {}, { isSeen: () => false }],
  ])('is not kept where %s', async (_, set, request) => {
    const { ask, lists } = await instance(set)
    await ask(request)
    await ask(request)
    expect(lists.counts).toEqual({ hits: 0, misses: 0, evictions: 0, entries: 0 })
  })

  test('is not kept when something could not be read for it', async () => {
    const { ask, lists, notWhole } = await instance()
    notWhole()
    await ask()
    expect(lists.counts).toMatchObject({ misses: 1, entries: 0 })
  })
})
