import { type Random, seededRandom } from '../shared/algorithms/random.ts'
import type { Blobs } from '../shared/ports.ts'
import { Item } from '../shared/schemas/catalogue.ts'

export interface ShopSize {
  users: number
  items: number
  interactions: number
}

/** The scale that Sidecart is made for, and a tenth of it. */
export const shopSizes = {
  large: { users: 1_000_000, items: 100_000, interactions: 10_000_000 },
  tenth: { users: 100_000, items: 10_000, interactions: 1_000_000 },
} as const satisfies Record<string, ShopSize>

const shareOfOrderLines = 0.3
const linesPerVisit = 3.3
const topicsPerUser = 3
const shareOfOwnTopics = 0.7
const itemsPerTopic = 800
/** What is done in a visit that is no order, out of a hundred events. */
const mix = [
  ['view', 60],
  ['click', 14],
  ['add_to_cart', 10],
  ['purchase', 9],
  ['rating', 4],
  ['feedback', 3],
] as const
const [firstMs, lastMs] = [Date.UTC(2025, 0, 1), Date.UTC(2026, 0, 1)]
/** One delivery in this many comes twice. */
const deliveriesPerCopy = 200

/** The products of a shop, as its documents hold them. */
export function* shopCatalogue({ items }: ShopSize): Generator<Item> {
  for (let item = 0; item < items; item++) {
    const category = `Category ${item % topicsOf(items)}`
    yield Item.parse({
      id: itemId(item),
      name: `Product ${item}`,
      category,
      price: 9.99,
      in_stock: true,
      row_hash: '-',
    })
  }
}

/**
 * Writes a year of a seeded shop as landing and the ingest write bronze: files of 10,000 order lines, files of 1,000
 * events, 1 in 200 of which is delivered twice. Activity of users and popularity of items fall as powers, every user comes
 * at least once (when visits suffice), and most visits keep to three of the topics that items are divided into.
 */
export async function writeShop(
  size: ShopSize,
  { seed, blobs }: { seed: number; blobs: Pick<Blobs, 'write'> },
): Promise<{ files: number; bytes: number }> {
  const orders = fileWriter(blobs, {
    lines: 10_000,
    path: file => `bronze/orders/landing/orders/2025.csv/part-${file + 1}.ndjson`,
  })
  const events = fileWriter(blobs, { lines: 1_000, path: eventsPath })
  const random = seededRandom(seed)
  const visits = Math.ceil(size.interactions / linesPerVisit)
  let written = 0
  for (let visit = 0; written < size.interactions; visit++) {
    const user = visit % 3 === 0 ? (visit / 3) % size.users : Math.floor(size.users * random() ** 2)
    const at = firstMs + Math.floor(((lastMs - firstMs) * Math.min(visit, visits)) / (visits + 1))
    const isOrder = random() < shareOfOrderLines
    // Geometric, so that its mean is linesPerVisit.
    do {
      const line = {
        visit,
        user,
        item: drawItem(user, size.items, random),
        at: new Date(at).toISOString(),
        number: written,
      }
      if (isOrder) await orders.add(orderLine(line))
      else await events.add(eventLine(line, random))
      written += 1
    } while (written < size.interactions && random() < 1 - 1 / linesPerVisit)
  }
  await orders.end()
  await events.end()
  return { files: orders.files() + events.files(), bytes: orders.bytes() + events.bytes() }
}

interface Line {
  visit: number
  user: number
  item: number
  at: string
  number: number
}

const itemId = (item: number) => `item-${item}`
const userId = (user: number) => `user-${user}`
const rowHash = (number: number) => number.toString(16).padStart(64, 'f')
const topicsOf = (items: number) => Math.max(1, Math.round(items / itemsPerTopic))

/** Topic t has the items t, t + topics, t + 2 topics …, the most popular first. */
function drawItem(user: number, items: number, random: Random): number {
  const topics = topicsOf(items)
  const own = (user * 31 + Math.floor(random() * topicsPerUser) * 17) % topics
  const topic = random() < shareOfOwnTopics ? own : Math.floor(topics * random() ** 1.5)
  const place = Math.floor((items / topics) * random() ** 2.5)
  return Math.min(items - 1, topic + topics * place)
}

function orderLine({ visit, user, item, at, number }: Line): string {
  const order = { order_id: `order-${visit}`, user_id: userId(user), ordered_at: at, item_id: itemId(item) }
  const value = JSON.stringify({ ...order, quantity: 1, unit_price: 9.99 })
  return `{"_source":"landing/orders/2025.csv","_row":${number},"_ingested_at":"${at}","_batch_id":"landing/orders/2025.csv#1","_row_hash":"${rowHash(number)}","order":${value}}\n`
}

function eventLine({ visit, user, item, at, number }: Line, random: Random): string {
  const type = drawType(random)
  const event = {
    schema_version: 1,
    event_id: `${number.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`,
    ...{ user_id: userId(user), session_id: `session-${visit}`, event_type: type, item_id: itemId(item), ts: at },
    ...(type === 'rating' ? { value: 1 + Math.floor(5 * random()) } : {}),
    ...(type === 'feedback' ? { value: random() < 0.8 ? 1 : -1 } : {}),
    context: { device: 'phone' },
  }
  const line = `{"_partition":"0","_sequence_number":${number},"_enqueued_at":"${at}","_ingested_at":"${at}","_batch_id":"0-${number}","_row_hash":"${rowHash(number)}","event":${JSON.stringify(event)}}\n`
  return number % deliveriesPerCopy === 0 ? line + line : line
}

function drawType(random: Random): (typeof mix)[number][0] {
  let left = 100 * random()
  for (const [type, share] of mix) {
    left -= share
    if (left < 0) return type
  }
  return 'view'
}

const eventsPath = (file: number) =>
  `bronze/_segments/interactions/date=2025-01-01/0-${file.toString().padStart(12, '0')}.ndjson`

function fileWriter(blobs: Pick<Blobs, 'write'>, of: { lines: number; path: (file: number) => string }) {
  let waiting: string[] = []
  let files = 0
  let bytes = 0
  const flush = async () => {
    if (waiting.length === 0) return
    const content = Buffer.from(waiting.join(''))
    await blobs.write(of.path(files), content)
    files += 1
    bytes += content.length
    waiting = []
  }
  return {
    add: async (line: string) => {
      waiting.push(line)
      if (waiting.length === of.lines) await flush()
    },
    end: flush,
    files: () => files,
    bytes: () => bytes,
  }
}
