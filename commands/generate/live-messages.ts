import { daysOf } from './days-of.ts'
import { interactionMessage, type Message } from './messages.ts'
import type { Profile } from './profiles.ts'
import { syntheticShop } from './synthetic-shop.ts'

/**
 * Interactions of a shop as they would come in now: in the order of its history, without id and time, which are
 * those of when they are sent. As many as asked for; a history that ends is followed by that of the next seed.
 */
export function* liveMessages(profile: Profile, { seed, count }: { seed: number; count: number }): Generator<Message> {
  let left = count
  for (let of = seed; left > 0; of++) {
    const shop = syntheticShop(profile, of)
    for (const { events } of daysOf(shop)) {
      for (const event of events.slice(0, left)) {
        const { event_id: _, ts: __, ...message } = interactionMessage(event, shop)
        yield message
      }
      left -= Math.min(left, events.length)
      if (left === 0) return
    }
  }
}
