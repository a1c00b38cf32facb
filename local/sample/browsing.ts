import { browsingSession, type Session } from './browsing-session.ts'
import type { InteractionEvent } from './interaction-event.ts'
import { seededRandom } from './seeded.ts'
import type { OrderLine, Product } from './shop-types.ts'

/**
 * Generates the browsing around the real orders of the last `days` days: before each order a session that leads to it,
 * and about every second customer looks around once more without buying. The same orders, products and seed give the
 * same events and, because ids leave out the time, the same event ids after a shift of dates. Sorted by time; at most
 * `limit` events, reached by leaving out whole sessions. Orders without lines in the catalogue give nothing.
 */
export function browsingEvents(
  orders: readonly OrderLine[],
  products: readonly Product[],
  { seed = 1, days = 30, limit = 7500 }: { seed?: number; days?: number; limit?: number } = {},
): InteractionEvent[] {
  const catalogue = new Map(products.map(product => [product.itemId, product]))
  const known = orders.filter(line => catalogue.has(line.itemId))
  const newest = known.reduce((latest, line) => Math.max(latest, Date.parse(line.orderedAt)), -Infinity)
  const since = newest - days * 24 * 3600 * 1000
  const recent = known.filter(line => Date.parse(line.orderedAt) >= since)
  const shelves = shelvesOf(recent, catalogue)
  const sessions = [...Map.groupBy(recent, line => line.orderId).values()]
    .flatMap(lines =>
      (['buying', 'looking'] as const).map(purpose => browsingSession(lines, { purpose, seed, catalogue, shelves })),
    )
    .filter(session => session.events.length > 0 && Date.parse(session.events[0]?.ts ?? '') >= since)
  return thin(sessions, { seed, limit })
    .flatMap(session => session.events)
    .sort((a, b) => (a.ts < b.ts ? -1 : a.ts > b.ts ? 1 : 0))
}

/** Lists the items sold by department, once per order line, so that a blind draw takes what sells. */
function shelvesOf(lines: readonly OrderLine[], catalogue: ReadonlyMap<string, Product>): Map<string, string[]> {
  const shelves = new Map<string, string[]>()
  for (const { itemId } of lines) {
    const category = catalogue.get(itemId)?.category ?? ''
    const shelf = shelves.get(category)
    if (shelf === undefined) shelves.set(category, [itemId])
    else shelf.push(itemId)
  }
  return shelves
}

function thin(sessions: readonly Session[], { seed, limit }: { seed: number; limit: number }): Session[] {
  const drawn = sessions
    .map(session => ({ session, draw: seededRandom(`${seed} thin ${session.id}`)() }))
    .sort((a, b) => a.draw - b.draw)
  const kept: Session[] = []
  let events = 0
  for (const { session } of drawn) {
    if (events + session.events.length > limit) break
    events += session.events.length
    kept.push(session)
  }
  return kept
}
