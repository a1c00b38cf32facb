import { z } from 'zod'
import type { Documents } from '../../ports.ts'
import type { Collection } from '../../schemas/collections.ts'
import type { EraseStep } from '../erasure/erase-step.ts'
import { mentionsOf } from '../lake/mentions.ts'

const LedgerDocument = z.looseObject({ id: z.string(), run_id: z.string(), error: z.string().optional() })
/** Runs, chunks and completions alike: what may name somebody in them is an error. */
const ledger: Collection<z.infer<typeof LedgerDocument>> = {
  ...{ container: 'runs', schema: LedgerDocument, partitionedBy: 'run_id' },
  key: ({ id, run_id }) => ({ id, partition: run_id }),
}

/** Cosmos `runs`: errors that name the person say so no more. */
export const jobLedgerStep: EraseStep = {
  store: 'cosmos-runs',
  about: 'errors of jobs, which may tell a value that was refused',
  erase: async (person, { ports: { documents } }) => {
    const mentions = mentionsOf(person)
    const counts = { found: 0, removed: 0 }
    for await (const page of documents.query(ledger, {})) {
      for (const { id, run_id, error } of page) {
        if (error === undefined || !mentions(error)) continue
        counts.found += 1
        if (await silence({ id, partition: run_id }, documents)) counts.removed += 1
      }
    }
    return counts
  },
}

/** A document that is changed at the same moment is found again when the erasure is verified. */
async function silence(key: { id: string; partition: string }, documents: Documents): Promise<boolean> {
  const stored = await documents.read(ledger, key)
  if (!stored) return true
  const silent = { ...stored.document, error: 'it named somebody who was erased since' }
  return (await documents.replace(ledger, silent, stored.etag)) !== undefined
}
