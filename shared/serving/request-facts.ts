import type { Customer, Item } from '../schemas/catalogue.ts'
import type { Placement } from '../schemas/placements.ts'
import type { Ask } from '../sources/source.ts'
import type { RequestFacts } from './business-rules/expression/fields.ts'
import type { ListRequest } from './list-request.ts'

/** What expressions and limits can ask of a request. The page is that of its first item; what it does not tell, the customer's document does. */
export function requestFacts(
  request: ListRequest,
  of: { items: Ask['items']; customer: Customer | undefined; segment: string | undefined; nowMs: number },
): RequestFacts {
  const { items, customer, segment, nowMs } = of
  const { placement, channel, device } = request
  const [first] = placement === 'search' ? [] : (request.items ?? [])
  const page = first === undefined ? undefined : items.get(first)
  return {
    ...{ channel, device, segment, nowMs, category: request.category ?? page?.category, price: page?.price },
    age: request.age ?? leastAge(customer?.birth_year, nowMs),
    region: request.region ?? customer?.region,
    country: request.country ?? customer?.country,
  }
}

/** The age before this year's birthday: what has an age limit is not shown a day too early. */
function leastAge(birthYear: number | undefined, nowMs: number): number | undefined {
  return birthYear === undefined ? undefined : new Date(nowMs).getUTCFullYear() - birthYear - 1
}

const limited = new WeakMap<ReadonlyMap<string, Item>, boolean>()
const asksForCustomer = new WeakMap<Placement, boolean>()

/**
 * Whether a list may depend on what the customer's document says: it is not read where no item has limits of age or region and no
 * expression asks for it, as each read is paid.
 */
export function needsCustomer(request: ListRequest, items: Ask['items'], placement: Placement): boolean {
  if (request.age !== undefined && request.region !== undefined && request.country !== undefined) return false
  return isLimited(items) || isAskedFor(placement) || mentionsCustomer(request.filter ?? '')
}

function isLimited(items: Ask['items']): boolean {
  const known = limited.get(items)
  if (known !== undefined) return known
  let found = false
  for (const { min_age, regions } of items.values()) {
    if (min_age !== undefined || regions?.length) {
      found = true
      break
    }
  }
  limited.set(items, found)
  return found
}

function isAskedFor(placement: Placement): boolean {
  const known = asksForCustomer.get(placement)
  if (known !== undefined) return known
  const { filters, boosts, pins } = placement
  const found = [...filters, ...boosts, ...pins].some(({ expression = '' }) => mentionsCustomer(expression))
  asksForCustomer.set(placement, found)
  return found
}

const mentionsCustomer = (expression: string): boolean => /\$(age|region|country)\b/.test(expression)
