import type { Placement } from '../../schemas/placements.ts'

/** What a user was shown: how often since last doing something with it, and in which second since 1970 last. */
export type Shown = Readonly<Record<string, readonly [times: number, lastSecond: number]>>

/** Tells whether an item was shown so often lately, and ignored, that it stays away for now. */
export function frequencyCap(
  cap: Placement['frequency_cap'],
  { shown = {}, nowMs }: { shown?: Shown | undefined; nowMs: number },
): (itemId: string) => boolean {
  if (!cap) return () => false
  const { times, hours } = cap
  const since = nowMs / 1000 - hours * 3600
  return itemId => {
    const found = Object.hasOwn(shown, itemId) ? shown[itemId] : undefined
    return found !== undefined && found[0] >= times && found[1] > since
  }
}
