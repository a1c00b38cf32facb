import type { Shop } from '../shop.ts'

/** Something that was read, with what came of it. */
export interface Read {
  value: unknown
  again(shop: Shop): unknown
}

/**
 * The shop, noting what is read of it. What is held in memory is given as the same object each time, so that two reads that
 * give the same found nothing changed.
 */
export function recorded(shop: Shop): { shop: Shop; reads: () => Promise<Read[]> } {
  const noted = new Map<string, { value: unknown; again: (shop: Shop) => unknown }>()
  const noting =
    <Args extends readonly (string | number | undefined)[], Value>(
      name: string,
      method: (of: Shop) => (...args: Args) => Value,
    ) =>
    (...args: Args): Value => {
      const value = method(shop)(...args)
      noted.set([name, ...args].join('\n'), { value, again: now => method(now)(...args) })
      return value
    }
  return {
    shop: {
      ...shop,
      live: noting('live', of => of.live),
      catalogue: noting('catalogue', of => of.catalogue),
      counters: noting('counters', of => of.counters),
      placements: noting('placements', of => of.placements),
      profile: noting('profile', of => of.profile),
      customer: noting('customer', of => of.customer),
      consent: noting('consent', of => of.consent),
      isErased: noting('isErased', of => of.isErased),
      preferences: noting('preferences', of => of.preferences),
      freshList: noting('freshList', of => of.freshList),
      userLists: noting('userLists', of => of.userLists),
      neighbours: noting('neighbours', of => of.neighbours),
      rules: noting('rules', of => of.rules),
      popularity: noting('popularity', of => of.popularity),
      segmentPopularity: noting('segmentPopularity', of => of.segmentPopularity),
      model: live => {
        const value = shop.model(live)
        noted.set('model', { value, again: now => now.model(live) })
        return value
      },
    },
    reads: () => Promise.all([...noted.values()].map(async ({ value, again }) => ({ value: await value, again }))),
  }
}

/** Whether every read gives now what it gave then. */
export async function unchanged(reads: readonly Read[], shop: Shop): Promise<boolean> {
  const now = await Promise.all(reads.map(({ again }) => again(shop)))
  return reads.every(({ value }, place) => Object.is(value, now[place]))
}
