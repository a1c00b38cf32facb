import { keyNumbers, keySet } from '../algorithms/key-numbers.ts'
import { type NameList, namesOf } from '../algorithms/name-list.ts'
import { type NameNumbers, nameNumbers } from '../algorithms/name-numbers.ts'
import type { FeedbackColumns } from './feedback-columns.ts'

/** Users that digests have room for at first. */
const digestsFirst = 1_024

/** The events that count, in the order of time; users, items and baskets are numbered in order of appearance. */
export interface Events {
  users: NameList
  items: NameList
  /** How many there are; purchases without one have none. */
  baskets: number
  user: Uint32Array
  item: Uint32Array
  /** Index into `eventTypes`. */
  type: Uint8Array
  /** Second since 1970. */
  second: Uint32Array
  value: Float32Array
  /** Number of the basket + 1; 0 when the event is no purchase. */
  basket: Uint32Array
  /** Two words a user that change whenever the user's events that count do, shape (users, 2). */
  digests: Uint32Array
  counts: EventCounts
}

export interface EventCounts {
  events: number
  duplicates: number
  unknown_items: number
}

/**
 * Takes in columns part by part: each event counts once, known by its key; events with items outside the catalogue are
 * counted, not used, and make no user. Memory is 21 bytes an event and 12 to 24 for its key, and up to 54 a basket.
 * @param events how many lines the parts hold together
 */
export function gatherEvents(
  events: number,
  catalogue: ReadonlySet<string>,
): { add(part: FeedbackColumns): void; events(): Events } {
  const users = nameNumbers()
  const items = nameNumbers()
  const baskets = keyNumbers(0)
  const seen = keySet(events)
  const counts: EventCounts = { events: 0, duplicates: 0, unknown_items: 0 }
  const user = new Uint32Array(events)
  const item = new Uint32Array(events)
  const type = new Uint8Array(events)
  const second = new Uint32Array(events)
  const value = new Float32Array(events)
  const basket = new Uint32Array(events)
  let digests = new Uint32Array(2 * digestsFirst)
  let [kept, userCount] = [0, 0]
  return {
    add: part => {
      const userOf = lazily(part.users, users)
      const itemOf = lazily(part.items, items)
      const isKnown = Uint8Array.from(namesOf(part.items), name => (catalogue.has(name) ? 1 : 0))
      for (let line = 0; line < part.key.length; line++) {
        counts.events += 1
        if (!seen.add(part.key[line]!)) {
          counts.duplicates += 1
          continue
        }
        if (isKnown[part.item[line]!] === 0) {
          counts.unknown_items += 1
          continue
        }
        const row = userOf(part.user[line]!)
        if (2 * row >= digests.length) digests = grown(digests)
        addToDigest(digests, row, part.key[line]!)
        userCount = Math.max(userCount, row + 1)
        user[kept] = row
        item[kept] = itemOf(part.item[line]!)
        type[kept] = part.type[line]!
        second[kept] = part.second[line]!
        value[kept] = part.value[line]!
        const basketKey = part.basket[line]!
        basket[kept] = basketKey === 0 ? 0 : baskets.numberOf(basketKey) + 1
        kept += 1
      }
    },
    events: () => ({
      users: users.names(),
      items: items.names(),
      baskets: baskets.size,
      user: user.subarray(0, kept),
      item: item.subarray(0, kept),
      type: type.subarray(0, kept),
      second: second.subarray(0, kept),
      value: value.subarray(0, kept),
      basket: basket.subarray(0, kept),
      digests: digests.subarray(0, 2 * userCount),
      counts,
    }),
  }
}

/** Takes in the 48 bits of an event's key, whatever the order of events; no key comes twice. */
function addToDigest(digests: Uint32Array, user: number, key: number): void {
  digests[2 * user]! ^= key % 2 ** 32
  digests[2 * user + 1]! ^= Math.floor(key / 2 ** 32)
}

function grown(words: Uint32Array): Uint32Array<ArrayBuffer> {
  const twice = new Uint32Array(2 * words.length)
  twice.set(words)
  return twice
}

/** A part's number -> the number over all parts, given when it is first asked for. */
function lazily({ bytes, offsets }: NameList, numbers: NameNumbers): (number: number) => number {
  const known = new Int32Array(offsets.length - 1).fill(-1)
  return number => {
    const before = known[number]!
    if (before >= 0) return before
    const given = numbers.numberOf(bytes.subarray(offsets[number], offsets[number + 1]))
    known[number] = given
    return given
  }
}
