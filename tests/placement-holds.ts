import { seededRandom } from '../shared/algorithms/random.ts'
import type { Item } from '../shared/schemas/catalogue.ts'
import { oneMoment } from '../shared/serving/one-moment.ts'
import { recommend } from '../shared/serving/recommend.ts'
import type { Recommendation } from '../shared/serving/recommendation.ts'
import { Draws, type PlacementCase, placementCase, putRandomItem } from './placement-case.ts'

const pages = 3

/**
 * Asks for three pages of a list of a shop made by chance, while products change before the first and between them, and tells in
 * sentences what was promised and not kept.
 */
export async function brokenPlacement(seed: number): Promise<{ broken: string[]; listed: number }> {
  const draws = new Draws(seededRandom(seed))
  const of = await placementCase(draws)
  const shown: string[] = []
  const broken: string[] = []
  // Some instances have read the catalogue before it changes.
  if (draws.chance(0.5)) await of.shop.catalogue()
  for (let page = 1; page <= pages; page++) {
    await changeSome(of, draws)
    const isSeen = page === 1 ? undefined : (itemId: string) => shown.includes(itemId)
    const request = { ...of.request, isSeen, shownBefore: shown.length, seed: `${seed} ${page}` }
    const { items } = await recommend(request, oneMoment(of.shop))
    const findings = brokenPromises(items, of, shown)
    broken.push(...findings.map(finding => `seed ${seed}, page ${page}: ${finding}`))
    shown.push(...items.map(({ itemId }) => itemId))
  }
  return { broken, listed: shown.length }
}

/** Products are sold out, hidden, deleted, priced anew; the instance has had the time to see it. */
async function changeSome(of: PlacementCase, draws: Draws): Promise<void> {
  of.ports.advance(1_000)
  for (const id of draws.some([...of.items.keys()], 0.2)) await putRandomItem(id, { ...of, draws })
  of.ports.advance(60_000)
}

function brokenPromises(items: readonly Recommendation[], of: PlacementCase, shown: readonly string[]): string[] {
  const { placement, request, capped } = of
  const ids = items.map(({ itemId }) => itemId)
  const allowed = [...of.items.values()].filter(item => isAllowed(item, of) && !shown.includes(item.id))
  const allowedIds = allowed.map(({ id }): string => id)
  const due = Math.min(request.limit, allowed.length)
  const broken = ids.filter(id => !allowedIds.includes(id)).map(id => `${id} is forbidden`)
  if (new Set(ids).size < ids.length) broken.push(`an item comes twice: ${ids}`)
  if (ids.length !== due) broken.push(`${ids.length} of ${due} are given`)
  for (const { itemId, propensity } of items) {
    if (!(propensity > 0 && propensity <= 1)) broken.push(`${itemId} has propensity ${propensity}`)
  }
  if (placement.exploration === 0 || shown.length > 0) broken.push(...misplacedPins(ids, allowedIds, of, shown))
  if (placement.exploration > 0 || placement.pins.length > 0) return broken
  if (ids.some(id => capped.has(id)) && allowedIds.some(id => !capped.has(id) && !ids.includes(id))) {
    broken.push('what was shown too often comes before what was not')
  }
  return [...broken, ...overQuota(ids, allowed, of)]
}

/** The first pin to a place that may be listed stands there, or at the end of a list that is too short. */
function misplacedPins(
  ids: readonly string[],
  allowed: readonly string[],
  { placement }: PlacementCase,
  shown: readonly string[],
): string[] {
  const places = new Map<number, string>()
  for (const { item_id, position } of placement.pins) {
    if (allowed.includes(item_id) && !places.has(position) && ![...places.values()].includes(item_id)) {
      places.set(position, item_id)
    }
  }
  const isShort = ids.length === allowed.length
  return [...places].flatMap(([position, itemId]) => {
    const place = position - shown.length
    if (place < 1 || place > ids.length || isShort || ids[place - 1] === itemId) return []
    return [`${itemId} is pinned to ${position}: ${ids}`]
  })
}

/** Beyond its quota a group is only when nothing else was left that had not been shown too often. */
function overQuota(ids: readonly string[], allowed: readonly Item[], { placement, capped }: PlacementCase): string[] {
  const { quota } = placement
  if (!quota) return []
  const groupOf = (item: Item) => (quota.by === 'category' ? item.category : item.brand)
  const used = new Map<string, number>()
  for (const item of allowed.filter(({ id }) => ids.includes(id))) {
    const group = groupOf(item)
    if (group !== undefined) used.set(group, (used.get(group) ?? 0) + 1)
  }
  const isOver = [...used.values()].some(count => count > quota.max)
  const left = allowed.filter(item => {
    const group = groupOf(item)
    const isOpen = group === undefined || (used.get(group) ?? 0) < quota.max
    return isOpen && !ids.includes(item.id) && !capped.has(item.id)
  })
  return isOver && left.length > 0 ? [`a quota is exceeded though ${left.map(({ id }) => id)} are left: ${ids}`] : []
}

/** What the settings and the request say in words, without the code that serves by them. */
function isAllowed(item: Item, of: PlacementCase): boolean {
  const { placement, request, bought, disliked, filters } = of
  const { category, brand, priceMin, priceMax, channel, region, age, items = [] } = request
  const forbidden = [
    ...[item.deleted, item.incomplete, !item.in_stock, item.hidden],
    ...[bought.has(item.id) && !placement.include_bought, disliked.has(item.id), placement.blocked.includes(item.id)],
    channel !== undefined &&
      item.channels !== undefined &&
      item.channels.length > 0 &&
      !item.channels.includes(channel),
    region !== undefined && item.regions !== undefined && item.regions.length > 0 && !item.regions.includes(region),
    item.min_age !== undefined && item.min_age > 0 && (age === undefined || age < item.min_age),
    request.placement === 'search' ? !items.includes(item.id) : items.includes(item.id),
    ...[category !== undefined && item.category !== category, brand !== undefined && item.brand !== brand],
    ...[priceMin !== undefined && item.price < priceMin, priceMax !== undefined && item.price > priceMax],
    ...filters.map(holds => !holds(item, request)),
  ]
  return !forbidden.includes(true)
}
