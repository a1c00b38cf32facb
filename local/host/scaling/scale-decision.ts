/** What waits at the source of a scale group's events, and how much of it one instance is meant to take. */
export type Backlog =
  | { type: 'queue'; messages: number; batchSize: number; newBatchThreshold: number }
  | { type: 'eventHub'; unprocessed: number; partitions: number; target: number }

/** What bounds a group and how long it keeps what it no longer needs. */
export interface ScaleLimits {
  min: number
  max: number
  /** An instance goes once it has not been needed for this long. */
  quietMs: number
}

export interface ScaleState {
  count: number
  /** When as many instances as there are were needed last. */
  neededAt: number
}

const startsAtATime = 4

/**
 * Instances that would take in the backlog: its length by the executions an instance is meant to hold, rounded up. For an
 * event hub the number divides its partitions evenly, or nearly: in between, one instance would hold as many as before.
 * Sources: Azure Functions, "Target-based scaling"; Azure/azure-sdk-for-net, EventHubsTargetScaler.cs, QueueTargetScaler.cs.
 */
export function desiredInstances(backlog: Backlog): number {
  switch (backlog.type) {
    case 'queue':
      return Math.ceil(backlog.messages / (backlog.batchSize + backlog.newBatchThreshold))
    case 'eventHub': {
      const wanted = Math.ceil(backlog.unprocessed / backlog.target)
      return evenCounts(backlog.partitions).find(count => count >= wanted) ?? backlog.partitions
    }
  }
}

/** At each count one more instance would not lower the most partitions that an instance holds: 0 and ceil(partitions / n). */
function evenCounts(partitions: number): number[] {
  const counts = Array.from({ length: partitions }, (_, index) => Math.ceil(partitions / (index + 1)))
  return [0, ...new Set(counts.reverse())]
}

/**
 * The next number of instances: out at once, four at a time as on Azure, and in only when fewer have been enough for
 * `quietMs`. An instance at work counts as needed.
 */
export function nextScale(
  { count, neededAt }: ScaleState,
  { desired, busy, now }: { desired: number; busy: number; now: number },
  { min, max, quietMs }: ScaleLimits,
): ScaleState {
  const wanted = Math.max(min, Math.min(max, Math.max(desired, busy)))
  if (wanted >= count) return { count: Math.min(wanted, count + startsAtATime), neededAt: now }
  return now - neededAt < quietMs ? { count, neededAt } : { count: wanted, neededAt: now }
}

/** When a timer's process comes and goes. */
export interface TimerLimits {
  /** It is started this long before the next occurrence, so that it is up in time. */
  leadMs: number
  /** It stays where the next occurrence is no further off than this. */
  stayMs: number
}

/**
 * Whether a timer needs its process. As long as that has never listened it does, as only the process can tell whether an
 * occurrence was missed.
 */
export function timerInstances(
  { next, count, now }: { next: number | undefined; count: number; now: number },
  { leadMs, stayMs }: TimerLimits,
): 0 | 1 {
  if (next === undefined) return 1
  return next - now <= (count > 0 ? stayMs : leadMs) ? 1 : 0
}
