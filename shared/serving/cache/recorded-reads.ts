import type { LivePointer } from '../../schemas/published.ts'
import type { Shop } from '../shop.ts'

/** Tells, without waiting, whether what was read is still as it was: false also where that is not known just now. */
export type Holds = () => boolean

/**
 * The shop, noting what is read of it. What is held in memory is given as the same object each time, so that what is at hand
 * tells whether anything changed. Not noted is what never changes within a generation; what moves slowly, as counters do; and
 * the catalogue, of which only what is listed matters.
 */
export function recorded(shop: Shop): { shop: Shop; holds: () => Promise<Holds> } {
  const { users, lists, atHand } = shop.held
  const noted = new Map<string, () => Promise<Holds>>()
  const noting =
    <Args extends readonly (string | number)[], Value>(
      name: string,
      read: (...args: Args) => Promise<Value>,
      holds: (value: Value, ...args: Args) => boolean,
    ) =>
    (...args: Args): Promise<Value> => {
      const reading = read(...args)
      noted.set([name, ...args].join('\n'), async () => {
        const value = await reading
        return () => holds(value, ...args)
      })
      return reading
    }
  return {
    shop: {
      ...shop,
      live: noting('live', shop.live, value => isSameGeneration(value, atHand.live())),
      placements: noting('placements', shop.placements, value => atHand.placements()?.value === value),
      profile: noting('profile', shop.profile, (value, userId) => users.holds(userId, 'profile', value)),
      customer: noting('customer', shop.customer, (value, userId) =>
        users.holds(userId, 'customer', value, each => (each?.deleted ? undefined : each)),
      ),
      consent: noting('consent', shop.consent, (value, userId) => users.holds(userId, 'consent', value)),
      isErased: noting('isErased', shop.isErased, (value, userId) => atHand.isErased(userId) === value),
      preferences: noting('preferences', shop.preferences, (value, userId) =>
        users.holds(userId, 'preferences', value),
      ),
      freshList: noting('freshList', shop.freshList, (value, userId) => users.holds(userId, 'fresh_list', value)),
      userLists: noting('userLists', shop.userLists, (value, userId, generation) => {
        const now = lists.atHand(userId, generation)
        return now !== undefined && now.value === value
      }),
      model: live => {
        const value = shop.model(live)
        noted.set('model', async () => () => shop.model(live) === value)
        return value
      },
    },
    holds: async () => {
      const all = await Promise.all([...noted.values()].map(each => each()))
      return () => all.every(holds => holds())
    },
  }
}

/** Nothing of a generation changes while it is live; what its pointer tells of the next one is no change. */
function isSameGeneration(then: LivePointer | undefined, now: { value: LivePointer | undefined } | undefined): boolean {
  if (!now) return false
  const { value } = now
  return (
    value === then ||
    (value?.generation === then?.generation &&
      value?.model_version === then?.model_version &&
      value?.generated_at === then?.generated_at &&
      value?.data_until === then?.data_until)
  )
}
