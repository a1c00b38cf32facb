import { eventTypes } from '../schemas/interaction.ts'
import type { Candidate, Source } from './source.ts'

const looked: ReadonlySet<number> = new Set([eventTypes.indexOf('view'), eventTypes.indexOf('click')])

/** What the user looked at and did not buy, the latest first (F12). */
export const recentlyViewed: Source = {
  name: 'recently_viewed',
  rung: 'session',
  build: () => [],
  read: async ({ user, seeds, isWanted }) => {
    const latest = new Map<string, Candidate>()
    for (const [itemId, code, second] of user.recent.toReversed()) {
      if (!looked.has(code) || latest.has(itemId) || seeds.includes(itemId) || !isWanted(itemId)) continue
      latest.set(itemId, { itemId, score: 1 / (1 + latest.size), evidence: { type: 'viewed', at: second * 1000 } })
    }
    return [...latest.values()]
  },
}
