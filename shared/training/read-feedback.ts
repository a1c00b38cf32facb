import { z } from 'zod'
import type { Blobs, Ports } from '../ports.ts'
import { OrderLine } from '../schemas/catalogue.ts'
import { eventTypes, InteractionEvent, toInteraction } from '../schemas/interaction.ts'

/**
 * What bronze says, in columns with one entry an event; users, items and baskets are numbered in order of appearance.
 * `key` is 48 bits of the event's identity, by which a second copy is known.
 */
export const FeedbackColumns = z.object({
  users: z.array(z.string()),
  items: z.array(z.string()),
  baskets: z.array(z.string()),
  user: z.array(z.int()),
  item: z.array(z.int()),
  /** Index into `baskets`; -1 when the event is no purchase. */
  basket: z.array(z.int()),
  /** Index into `eventTypes`. */
  type: z.array(z.int()),
  /** Second since 1970. */
  at: z.array(z.int()),
  value: z.array(z.number()),
  key: z.array(z.int()),
})
export type FeedbackColumns = z.infer<typeof FeedbackColumns>

const BronzeInteraction = z.object({ event: InteractionEvent })
const BronzeOrder = z.object({ order: OrderLine })
const purchaseType = eventTypes.indexOf('purchase')

/** Reads bronze files of interactions and order lines into columns. */
export async function readFeedback(
  paths: readonly string[],
  { blobs, sha256 }: Pick<Ports, 'blobs' | 'sha256'>,
): Promise<FeedbackColumns> {
  const users = numbering()
  const items = numbering()
  const baskets = numbering()
  const columns: Omit<FeedbackColumns, 'users' | 'items' | 'baskets'> = {
    ...{ user: [], item: [], basket: [], type: [], at: [], value: [], key: [] },
  }
  const add = (line: Line) => {
    columns.user.push(users.numberOf(line.userId))
    columns.item.push(items.numberOf(line.itemId))
    columns.basket.push(line.basket === undefined ? -1 : baskets.numberOf(line.basket))
    columns.type.push(line.type)
    columns.at.push(Math.floor(line.at / 1000))
    columns.value.push(line.value)
    columns.key.push(Number.parseInt(sha256(line.identity).slice(0, 12), 16))
  }
  for (const path of paths) {
    const toLine = path.startsWith('bronze/orders/') ? orderLine : interactionLine
    for (const text of await linesOf(path, blobs)) add(toLine(JSON.parse(text)))
  }
  return { users: users.names, items: items.names, baskets: baskets.names, ...columns }
}

interface Line {
  userId: string
  itemId: string
  basket: string | undefined
  type: number
  at: number
  value: number
  identity: string
}

function orderLine(raw: unknown): Line {
  const { order } = BronzeOrder.parse(raw)
  const { order_id: orderId, user_id: userId, item_id: itemId, ordered_at: orderedAt } = order
  const at = Date.parse(orderedAt)
  return {
    userId,
    itemId,
    basket: `order ${orderId}`,
    type: purchaseType,
    at,
    value: 0,
    identity: `${orderId}\n${itemId}`,
  }
}

/** A purchase without an order belongs to its session's basket, or else to the user's day (F14). */
function interactionLine(raw: unknown): Line {
  const interaction = toInteraction(BronzeInteraction.parse(raw).event)
  const { userId, itemId, type, at, orderId, sessionId, value = 0, eventId } = interaction
  const day = `${userId} ${new Date(at).toISOString().slice(0, 10)}`
  const place = orderId === undefined ? `session ${sessionId ?? day}` : `order ${orderId}`
  const basket = type === 'purchase' ? place : undefined
  const identity = type === 'purchase' && orderId !== undefined ? `${orderId}\n${itemId}` : eventId
  return { userId, itemId, basket, type: eventTypes.indexOf(type), at, value, identity }
}

async function linesOf(path: string, blobs: Blobs): Promise<string[]> {
  const bytes = await blobs.read(path)
  if (!bytes) throw new Error(`Cannot read ${path}: it was listed and is gone`)
  return new TextDecoder()
    .decode(bytes)
    .split('\n')
    .filter(line => line !== '')
}

/** Gives each name the next free number, from 0. */
export function numbering(): { names: string[]; numberOf(name: string): number } {
  const names: string[] = []
  const numbers = new Map<string, number>()
  return {
    names,
    numberOf: name => {
      const known = numbers.get(name)
      if (known !== undefined) return known
      names.push(name)
      numbers.set(name, names.length - 1)
      return names.length - 1
    },
  }
}
