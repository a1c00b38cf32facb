import { isTaken } from '../ingest/landing/is-taken.ts'
import { landingPrefix } from '../ingest/landing/landing-kinds.ts'
import type { BlobEntry, Ports } from '../ports.ts'
import type { FileDays } from './lake-options.ts'

const dayMs = 86_400_000

/** Where files are that go by their age, and how many days they stay. */
const places: readonly { prefix: string; days: keyof FileDays }[] = [
  { prefix: landingPrefix, days: 'landing' },
  { prefix: 'dead-letter/', days: 'refused' },
  { prefix: `quarantine/${landingPrefix}`, days: 'refused' },
  { prefix: 'logs/', days: 'logs' },
  { prefix: 'exports/', days: 'exports' },
]

/**
 * Removes files that were written last longer ago than they are to be kept; resolves with their number. What was not taken in
 * from `landing/` stays, however old: nobody has it but there.
 */
export async function keepFiles(days: FileDays, ports: Pick<Ports, 'blobs' | 'clock'>): Promise<number> {
  let removed = 0
  for (const { prefix, days: of } of places) {
    const keptSince = ports.clock() - days[of] * dayMs
    const old: BlobEntry[] = []
    for await (const entry of ports.blobs.list(prefix)) if (entry.modifiedMs < keptSince) old.push(entry)
    for (const entry of old) {
      if (prefix === landingPrefix && !(await isTaken(entry, ports))) continue
      await ports.blobs.remove(entry.path)
      removed += 1
    }
  }
  return removed
}
