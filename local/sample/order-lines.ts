import type { OrderLine } from './shop-types.ts'
import type { SourceLine } from './source-lines.ts'

type Booked = {
  orderId: string
  customerId: string
  itemId: string
  orderedAt: string
  quantity: number
  pence: number
}

/**
 * Turns source lines into the order lines that stood: a line per order and item, cancelled pieces taken off, sorted by
 * time, order and item. An order carries its earliest line's time.
 */
export function orderLines(lines: readonly SourceLine[]): OrderLine[] {
  const booked = sumDuplicates(lines.filter(line => !line.cancels && line.quantity > 0))
  netCancellations(
    booked,
    lines.filter(line => line.cancels && line.quantity < 0),
  )
  return booked
    .filter(line => line.quantity > 0 && line.pence >= 1)
    .map(({ pence, ...line }) => ({ ...line, unitPrice: pence / 100 }))
    .sort((a, b) => compare(a.orderedAt, b.orderedAt) || compare(a.orderId, b.orderId) || compare(a.itemId, b.itemId))
}

/** Sums an invoice's lines of one item; their price is the mean by quantity, to the penny. */
function sumDuplicates(lines: readonly SourceLine[]): Booked[] {
  const orderedAt = new Map<string, string>()
  const sums = new Map<string, { line: SourceLine; quantity: number; total: number }>()
  for (const line of lines) {
    const earliest = orderedAt.get(line.invoice)
    if (earliest === undefined || line.orderedAt < earliest) orderedAt.set(line.invoice, line.orderedAt)
    const key = `${line.invoice} ${line.itemId}`
    const sum = sums.get(key) ?? { line, quantity: 0, total: 0 }
    sum.quantity += line.quantity
    sum.total += line.quantity * line.unitPrice
    sums.set(key, sum)
  }
  return [...sums.values()].map(({ line, quantity, total }) => ({
    orderId: line.invoice,
    customerId: line.customerId,
    itemId: line.itemId,
    orderedAt: orderedAt.get(line.invoice) ?? line.orderedAt,
    quantity,
    pence: Math.round((100 * total) / quantity),
  }))
}

/**
 * Takes every cancelled piece off the customer's latest earlier lines of that item. Pieces bought before the data
 * begins find no line and change nothing.
 */
function netCancellations(booked: readonly Booked[], cancellations: readonly SourceLine[]): void {
  const byItem = Map.groupBy(
    booked.toSorted((a, b) => compare(b.orderedAt, a.orderedAt)),
    line => `${line.customerId} ${line.itemId}`,
  )
  for (const cancellation of cancellations.toSorted((a, b) => compare(a.orderedAt, b.orderedAt))) {
    let left = -cancellation.quantity
    for (const line of byItem.get(`${cancellation.customerId} ${cancellation.itemId}`) ?? []) {
      if (line.orderedAt > cancellation.orderedAt) continue
      const taken = Math.min(left, line.quantity)
      line.quantity -= taken
      left -= taken
      if (left === 0) break
    }
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
