import { z } from 'zod'
import type { Ports } from '../ports.ts'
import { readJournal } from './place.ts'

const Counts = z.object({ documents: z.int(), expired: z.int() })
type Counts = z.infer<typeof Counts>
const Step = z.object({ done: z.string(), counts: Counts.optional() })

/** What of a restore is done, kept in the shop itself: `logs/restore-ID.jsonl`. */
export interface Steps {
  isResumed: boolean
  has(step: string): boolean
  countsOf(step: string): Counts | undefined
  done(step: string, counts?: Counts): Promise<void>
}

/** A restore that came to its end begins anew when it is asked for again. */
export async function restoreSteps(backup: string, { blobs }: Pick<Ports, 'blobs'>): Promise<Steps> {
  const path = `logs/restore-${backup}.jsonl`
  const all = await readJournal(path, Step, blobs)
  const steps = new Map(all.slice(all.findLastIndex(({ done }) => done === 'all') + 1).map(step => [step.done, step]))
  return {
    isResumed: steps.size > 0,
    has: step => steps.has(step),
    countsOf: step => steps.get(step)?.counts,
    done: (done, counts) => blobs.append(path, `${JSON.stringify({ done, counts })}\n`),
  }
}
