import type { InteractionEvent } from './interaction-event.ts'
import { seededRandom, uuidOf } from './seeded.ts'
import type { OrderLine, Product } from './shop-types.ts'

export type Session = { id: string; events: InteractionEvent[] }

type Step = { type: 'view' | 'click' | 'add_to_cart'; itemId: string }
type Surroundings = {
  purpose: 'buying' | 'looking'
  seed: number
  catalogue: ReadonlyMap<string, Product>
  /** Items sold by department, once per order line. */
  shelves: ReadonlyMap<string, readonly string[]>
}

const ITEMS_MAX = 6
const LOOKING_SHARE = 0.5
const HOUR_MS = 3600 * 1000

/**
 * Generates one session around the lines of an order. `buying` ends in the minutes before the order and is about some
 * of what it holds; `looking` lies one to five days before, stays in the order's departments and buys nothing. Half of
 * the `looking` sessions are empty: not everybody looks around twice.
 */
export function browsingSession(
  lines: readonly OrderLine[],
  { purpose, seed, catalogue, shelves }: Surroundings,
): Session {
  const [first] = lines
  if (first === undefined) throw new RangeError('Cannot make a session around an order without lines')
  const name = `${seed} ${purpose} ${first.orderId}`
  const id = `generated-${uuidOf(name).slice(0, 18)}`
  const random = seededRandom(name)
  if (purpose === 'looking' && random() >= LOOKING_SHARE) return { id, events: [] }

  const leadMs = purpose === 'buying' ? 60_000 : (24 + random() * 96) * HOUR_MS
  const context = {
    referrer: weighted(random, { search: 45, direct: 30, email: 15, social: 10 }),
    device: weighted(random, { desktop: 50, mobile: 40, tablet: 10 }),
  }
  const steps = sessionSteps(lines, { purpose, random, catalogue, shelves })
  const gapsMs = steps.map(() => Math.round(8_000 + random() * 80_000))
  let at = Date.parse(first.orderedAt) - leadMs - gapsMs.reduce((sum, gapMs) => sum + gapMs, 0)
  const events = steps.map(({ type, itemId }, position): InteractionEvent => {
    at += gapsMs[position] ?? 0
    return {
      schema_version: 1,
      event_id: uuidOf(`${name} ${position}`),
      user_id: first.customerId,
      session_id: id,
      event_type: type,
      product_id: itemId,
      ts: new Date(at).toISOString(),
      context: { ...context, price: catalogue.get(itemId)?.price ?? 0, generated: true },
    }
  })
  return { id, events }
}

function sessionSteps(
  lines: readonly OrderLine[],
  { purpose, random, catalogue, shelves }: Omit<Surroundings, 'seed'> & { random: () => number },
): Step[] {
  const bought = new Set(lines.map(line => line.itemId))
  const alternative = (itemId: string) => {
    const shelf = shelves.get(catalogue.get(itemId)?.category ?? '') ?? []
    const drawn = shelf[Math.floor(random() * shelf.length)]
    return drawn === undefined || bought.has(drawn) ? [] : [drawn]
  }
  return sample([...bought], { size: 1 + Math.floor(random() * ITEMS_MAX), random }).flatMap(itemId => {
    const others = alternative(itemId).map((other): Step => ({ type: 'view', itemId: other }))
    if (purpose === 'looking') {
      const abandoned = random() < 0.15
      return others.flatMap(view => (abandoned ? [view, { ...view, type: 'add_to_cart' as const }] : [view]))
    }
    return [
      ...(random() < 0.5 ? others : []),
      ...(random() < 0.35 ? [{ type: 'click' as const, itemId }] : []),
      { type: 'view' as const, itemId },
      ...(random() < 0.75 ? [{ type: 'add_to_cart' as const, itemId }] : []),
    ]
  })
}

function sample<Value>(values: readonly Value[], { size, random }: { size: number; random: () => number }): Value[] {
  return values
    .map(value => ({ value, draw: random() }))
    .sort((a, b) => a.draw - b.draw)
    .slice(0, size)
    .map(({ value }) => value)
}

function weighted(random: () => number, weights: Readonly<Record<string, number>>): string {
  const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0)
  let left = random() * total
  for (const [value, weight] of Object.entries(weights)) {
    left -= weight
    if (left < 0) return value
  }
  throw new RangeError('Cannot draw from weights that do not add up to more than 0')
}
