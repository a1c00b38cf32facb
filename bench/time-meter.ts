/** What a process waits for; of several at once the first counts. */
const waits = ['cosmos', 'coordination', 'writing_blobs', 'reading_blobs'] as const
export type Wait = (typeof waits)[number]

/** Seconds of wall clock by what they went to; `computing` is all in which nothing was waited for. */
type Spent = Record<Wait | 'computing', number>

export interface TimeMeter {
  /** From now on time counts for this section, which may be entered again. */
  enter(section: string): void
  during<T>(wait: Wait, work: () => Promise<T>): Promise<T>
  sections(): ReadonlyMap<string, Spent>
}

/**
 * Divides time among sections, and in each among waits and computing. What is computed while something is under way counts as
 * waiting for it: the parts of a section add up to its wall clock.
 * @param nowMs milliseconds of a clock that does not go back
 */
export function timeMeter(first: string, nowMs: () => number = () => performance.now()): TimeMeter {
  const sections = new Map<string, Spent>()
  const underWay: Record<Wait, number> = { cosmos: 0, coordination: 0, writing_blobs: 0, reading_blobs: 0 }
  let section = first
  let since = nowMs()
  const settle = () => {
    const now = nowMs()
    const spent = sections.get(section) ?? {
      ...{ cosmos: 0, coordination: 0, writing_blobs: 0, reading_blobs: 0, computing: 0 },
    }
    spent[waits.find(wait => underWay[wait] > 0) ?? 'computing'] += (now - since) / 1000
    sections.set(section, spent)
    since = now
  }
  return {
    enter: next => {
      settle()
      section = next
    },
    during: async (wait, work) => {
      settle()
      underWay[wait] += 1
      try {
        return await work()
      } finally {
        settle()
        underWay[wait] -= 1
      }
    },
    sections: () => {
      settle()
      return sections
    },
  }
}
