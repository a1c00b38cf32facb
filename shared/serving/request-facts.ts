import type { Customer } from '../schemas/catalogue.ts'
import type { Placement } from '../schemas/placements.ts'
import type { Ask } from '../sources/source.ts'
import type { RequestFacts } from './business-rules/expression/fields.ts'
import type { ListRequest } from './list-request.ts'

/** What expressions can ask of a request; the page is that of its first item. What it does not say is known of the customer. */
export function requestFacts(
  request: ListRequest,
  { items, customer, nowMs }: { items: Ask['items']; customer: Customer | undefined; nowMs: number },
): RequestFacts {
  const { placement, channel, device } = request
  const { region = customer?.region, country = customer?.country, age = ageOf(customer, nowMs) } = request
  const [first] = placement === 'search' ? [] : (request.items ?? [])
  const page = first === undefined ? undefined : items.get(first)
  const category = request.category ?? page?.category
  return { channel, region, age, country, device, category, price: page?.price, nowMs }
}

const askOfCustomers = new WeakMap<Placement, boolean>()

/** Whether an expression of the placement or the request names what only the customer's record tells. */
export function asksOfCustomer(placement: Placement, { filter = '' }: ListRequest): boolean {
  const names = (text: string) => /\$(age|region|country)\b/.test(text)
  const known = askOfCustomers.get(placement)
  const { filters, boosts, pins } = placement
  const isAsked = known ?? [...filters, ...boosts, ...pins].some(({ expression = '' }) => names(expression))
  askOfCustomers.set(placement, isAsked)
  return isAsked || names(filter)
}

/** The least age that somebody born in that year can have: a birthday may be still to come. */
function ageOf(customer: Customer | undefined, nowMs: number): number | undefined {
  return customer?.birth_year === undefined ? undefined : new Date(nowMs).getUTCFullYear() - customer.birth_year - 1
}
