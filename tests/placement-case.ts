import { type MemoryPorts, memoryPorts } from '../shared/adapters/memory/ports.ts'
import type { Random } from '../shared/algorithms/random.ts'
import type { Item } from '../shared/schemas/catalogue.ts'
import { collections } from '../shared/schemas/collections.ts'
import { ItemId, UserId } from '../shared/schemas/ids.ts'
import { Placement, type PlacementName } from '../shared/schemas/placements.ts'
import type { ListRequest } from '../shared/serving/list-request.ts'
import { type Shop, shop } from '../shared/serving/shop.ts'
import { goLive, hourMs, published, putLists, putNeighbours, putPopularity } from './served-shop.ts'

/** Draws for one case. */
export class Draws {
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  chance(probability: number): boolean {
    return this.#random() < probability
  }

  /** From 0 to below n. */
  below(n: number): number {
    return Math.floor(this.#random() * n)
  }

  one<T>(of: readonly T[]): T {
    return of[this.below(of.length)]!
  }

  some<T>(of: readonly T[], probability: number): T[] {
    return of.filter(() => this.chance(probability))
  }

  maybe<T>(probability: number, make: () => T): T | undefined {
    return this.chance(probability) ? make() : undefined
  }
}

/** An expression, and the same thing said once more in another language. */
interface Said {
  expression: string
  holds: (item: Item, request: Partial<ListRequest>) => boolean
}
const said: readonly Said[] = [
  { expression: 'price <= 6', holds: ({ price }) => price <= 6 },
  { expression: 'price > 2 and not category = "A"', holds: ({ price, category }) => price > 2 && category !== 'A' },
  { expression: 'brand != "X"', holds: ({ brand }) => brand !== 'X' },
  { expression: 'brand in ("X", "Y") or in_stock', holds: ({ brand, in_stock }) => brand !== undefined || in_stock },
  { expression: 'tags has "sale"', holds: ({ tags = [] }) => tags.includes('sale') },
  { expression: 'margin >= 0.3 or margin is missing', holds: ({ margin }) => margin === undefined || margin >= 0.3 },
  {
    expression: '$channel is missing or price < 8',
    holds: ({ price }, { channel }) => channel === undefined || price < 8,
  },
]

export interface PlacementCase {
  ports: MemoryPorts
  shop: Shop
  /** The catalogue as it is, tombstones included. */
  items: Map<string, Item>
  placement: Placement
  request: Omit<ListRequest, 'seed'>
  /** Filters that are in force: those of the placement whose window is open, and that of the request. */
  filters: readonly Said['holds'][]
  bought: ReadonlySet<string>
  disliked: ReadonlySet<string>
  /** What was shown too often for the placement. */
  capped: ReadonlySet<string>
}

const ids = Array.from({ length: 20 }, (_, index) => `item-${index}`)

/** A shop, its settings and a request, all by chance, with lists that were made of other stocks. */
export async function placementCase(draws: Draws): Promise<PlacementCase> {
  const ports = memoryPorts({ now: published + hourMs })
  const items = new Map<string, Item>()
  for (const id of ids.slice(0, draws.below(ids.length + 1))) await putRandomItem(id, { items, ports, draws })
  await putRandomLists(ports, draws)
  const user = await putRandomUser(ports, draws)
  const name = draws.one(['home', 'similar', 'cart', 'search', 'category'] as const)
  const { placement, filters } = randomPlacement(draws)
  await ports.documents.upsert(collections.placements, { id: 'placements', placements: { [name]: placement } })
  const { request, filter } = randomRequest(name, draws)
  const cap = placement.frequency_cap
  return {
    ...{ ports, shop: shop(ports, { halfLifeMs: hourMs }), items, placement, request, ...user },
    filters: [...filters, ...(filter ? [filter.holds] : [])],
    // All were shown a minute ago.
    capped: new Set([...user.shown].filter(([, times]) => cap && times >= cap.times).map(([itemId]) => itemId)),
  }
}

/** Puts a product in place of what was there. */
export async function putRandomItem(
  id: string,
  { items, ports, draws }: Pick<PlacementCase, 'items' | 'ports'> & { draws: Draws },
): Promise<void> {
  const item: Omit<Item, 'row_hash'> = {
    ...{ id: ItemId.parse(id), name: id, category: draws.one(['A', 'B', 'C']), price: draws.below(10) },
    ...{ in_stock: draws.chance(0.85), hidden: draws.chance(0.05), deleted: draws.chance(0.03) },
    ...{ incomplete: draws.chance(0.03), added_at: published - draws.below(30) * 24 * hourMs },
    brand: draws.maybe(0.6, () => draws.one(['X', 'Y'])),
    tags: draws.maybe(0.5, () => draws.some(['sale', 'new'], 0.5)),
    channels: draws.maybe(0.2, () => draws.some(['web', 'store'], 0.5)),
    regions: draws.maybe(0.2, () => draws.some(['EU', 'US'], 0.5)),
    min_age: draws.maybe(0.1, () => draws.one([0, 16, 18])),
    margin: draws.maybe(0.5, () => draws.below(10) / 10),
  }
  const whole = { ...item, row_hash: JSON.stringify(item) }
  items.set(id, whole)
  await ports.documents.upsert(collections.items, whole)
}

const scores = (draws: Draws) => Object.fromEntries(draws.some(ids, 0.4).map(id => [id, 1 + draws.below(9)]))

/** What a refresh left: of products that may be gone by now, too. */
async function putRandomLists(ports: MemoryPorts, draws: Draws): Promise<void> {
  if (draws.chance(0.1)) return
  await goLive(ports)
  await putPopularity(ports, scores(draws))
  await putPopularity(ports, scores(draws), draws.one(['A', 'B', 'C']))
  for (const id of draws.some(ids, 0.2))
    await putNeighbours(ports, id, { als: scores(draws), copurchase: scores(draws) })
}

async function putRandomUser(ports: MemoryPorts, draws: Draws) {
  const bought = draws.some(ids, 0.1)
  const boughtNow = draws.some(ids, 0.05)
  const disliked = draws.some(ids, 0.1)
  const shown = new Map(draws.some(ids, 0.3).map(id => [id, 1 + draws.below(4)]))
  const second = ports.clock() / 1000 - 60
  const hasLists = draws.chance(0.7)
  if (hasLists) await putLists(ports, 'anna', { items: scores(draws), bought })
  await ports.documents.upsert(collections.profiles, {
    ...{ id: 'profile', user_id: UserId.parse('anna'), applied: {}, recent: [], bought: boughtNow, disliked },
    shown: Object.fromEntries([...shown].map(([id, times]): [string, [number, number]] => [id, [times, second]])),
  })
  // The lists of a generation are read with its pointer alone.
  const isLive = (await ports.documents.read(collections.livePointer, { id: 'live', partition: 'live' })) !== undefined
  return {
    bought: new Set([...boughtNow, ...(hasLists && isLive ? bought : [])]),
    ...{ disliked: new Set(disliked), shown },
  }
}

function randomPlacement(draws: Draws): { placement: Placement; filters: Said['holds'][] } {
  const opened = { from: new Date(published).toISOString() }
  const closed = { until: new Date(published).toISOString() }
  const filters = draws.some(said, 0.06).map(each => ({ ...each, window: draws.one([{}, opened, closed]) }))
  const sources = draws.some(['als', 'item_neighbours', 'copurchase', 'trending', 'recently_viewed'], 0.5)
  const placement = Placement.parse({
    sources: (sources.length > 0 ? sources : ['category']).map(source => ({ source, weight: 1 + draws.below(3) })),
    backfill: draws.some(['category', 'trending'], 0.5),
    filters: filters.map(({ expression, window }) => ({ name: expression, expression, ...window })),
    boosts: draws.some(said, 0.15).map(({ expression }) => ({ name: 'b', expression, factor: draws.one([0.5, 2]) })),
    pins: draws.some(ids, 0.1).map(item_id => ({ item_id, position: 1 + draws.below(6) })),
    ...{ blocked: draws.some(ids, 0.05), include_bought: draws.chance(0.3), diversity: draws.one([1, 0.7, 0]) },
    quota: draws.maybe(0.3, () => ({ by: draws.one(['category', 'brand']), max: 1 + draws.below(3) })),
    frequency_cap: draws.maybe(0.3, () => ({ times: 1 + draws.below(4), hours: 24 })),
    exploration: draws.one([0, 0, 0.2, 1]),
  })
  return { placement, filters: filters.filter(({ window }) => window !== closed).map(({ holds }) => holds) }
}

function randomRequest(placement: PlacementName, draws: Draws) {
  const filter = draws.maybe(0.15, () => draws.one(said))
  const few = () => draws.some(ids, placement === 'search' ? 0.8 : 0.1)
  const request = {
    ...{ placement, limit: 1 + draws.below(8), userId: 'anna' },
    items: placement === 'home' || placement === 'category' ? undefined : few(),
    category: draws.maybe(0.08, () => draws.one(['A', 'B', 'C'])),
    brand: draws.maybe(0.05, () => draws.one(['X', 'Y'])),
    priceMin: draws.maybe(0.1, () => draws.below(5)),
    priceMax: draws.maybe(0.1, () => 4 + draws.below(5)),
    channel: draws.maybe(0.4, () => draws.one(['web', 'store'])),
    region: draws.maybe(0.4, () => draws.one(['EU', 'US'])),
    age: draws.maybe(0.4, () => draws.one([15, 16, 18, 40])),
    filter: filter?.expression,
  }
  return { request, filter }
}
