import { acceptInteractions } from '../../ingest/accept-interactions.ts'
import type { Ports } from '../../ports.ts'
import type { PlacementName } from '../../schemas/placements.ts'
import type { Recommendation } from '../../serving/recommendation.ts'

/** A list as it was answered. */
interface ShownList {
  recommendationId: string
  placement: PlacementName
  userId?: string | undefined
  sessionId?: string | undefined
  items: readonly Pick<Recommendation, 'itemId' | 'propensity'>[]
}

/** Tells the hub what was listed (I05). */
export interface ImpressionLog {
  /** Returns at once: no answer waits for the hub, and none fails with it. */
  tell(list: ShownList): void
  /** Resolves when all that was told so far is stored, or counted as lost. */
  settled(): Promise<void>
  /** Impressions since the process began. */
  readonly counts: { readonly stored: number; readonly lost: number }
}

/** One event per listed item, all of a list in one append; what the hub does not take is logged and counted. */
export function impressionLog(ports: Pick<Ports, 'eventLog' | 'clock' | 'uuid' | 'log'>): ImpressionLog {
  const counts = { stored: 0, lost: 0 }
  const open = new Set<Promise<void>>()
  const append = async (list: ShownList): Promise<void> => {
    const events = impressionsOf(list)
    try {
      await acceptInteractions(events, ports)
      counts.stored += events.length
    } catch (cause) {
      counts.lost += events.length
      const { placement } = list
      ports.log.error({
        stage: 'impressions',
        placement,
        lost: events.length,
        lost_so_far: counts.lost,
        error: String(cause),
      })
    }
  }
  return {
    tell: list => {
      // Of nobody: there is no one whose next list this could change, and no outcome to join it with.
      if (list.items.length === 0 || (list.userId ?? list.sessionId) === undefined) return
      const appended = append(list).finally(() => open.delete(appended))
      open.add(appended)
    },
    settled: async () => void (await Promise.all(open)),
    counts,
  }
}

function impressionsOf({ recommendationId, placement, userId, sessionId, items }: ShownList) {
  return items.map(({ itemId, propensity }, index) => ({
    ...{ event_type: 'impression', item_id: itemId, user_id: userId, session_id: sessionId },
    ...{ recommendation_id: recommendationId, position: index + 1, propensity, placement },
  }))
}
