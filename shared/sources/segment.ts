import { nearestSegment } from '../algorithms/segments.ts'
import { eventTypes } from '../schemas/interaction.ts'
import { behaviour } from '../training/behaviour.ts'
import { segmentKey, segmentsStage } from '../training/segments-stage.ts'
import { wantedOf } from './popular.ts'
import type { Ask, Source } from './source.ts'

const purchase = eventTypes.indexOf('purchase')
const looked: ReadonlySet<number> = new Set(
  (['view', 'click', 'add_to_cart'] as const).map(type => eventTypes.indexOf(type)),
)

/**
 * What users buy lately who behave like this one (F04): the segment the refresh put the user in, or the one that what is known of a
 * visitor is nearest to.
 */
export const segment: Source = {
  name: 'segment',
  rung: 'segment',
  build: options => [segmentsStage(options)],
  read: async ask => {
    const { live, reads, user } = ask
    if (!live) return []
    const segments = reads.model(live)?.indexes?.segments
    if (!segments) return []
    const keys = segments.names.map((_, number) => segmentKey(number))
    const stored = keys.indexOf(user.lists?.segment ?? '')
    const number = stored >= 0 ? stored : visitorsSegment(ask, segments)
    const [key, name] = number === undefined ? [] : [keys[number], segments.names[number]]
    if (key === undefined || name === undefined) return []
    const popular = await reads.segmentPopularity(key, live.generation)
    const items = popular?.items ?? []
    const best = items[0]?.[1] ?? 1
    const evidence = { type: 'segment', name } as const
    return wantedOf(
      items.map(([itemId, value]) => ({ itemId, score: value / best, evidence })),
      ask,
    )
  },
}

/** The segment that the visitor's latest events are nearest to; undefined when there are none that count. */
function visitorsSegment(ask: Ask, segments: Parameters<typeof nearestSegment>[0]): number | undefined {
  const visitor = behaviour(id => ask.items.get(id))
  for (const [itemId, code, second] of ask.user.recent) {
    if (code === purchase || looked.has(code)) visitor.add({ itemId, second, isPurchase: code === purchase })
  }
  const features = visitor.features(ask.nowMs / 1000)
  return features && nearestSegment(segments, features)
}
