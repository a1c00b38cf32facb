import { setTimeout as passed } from 'node:timers/promises'
import type { Documents } from '../../ports.ts'
import { collections } from '../../schemas/collections.ts'
import type { EraseStep } from '../erasure/erase-step.ts'

/** A document that no reader holds: whoever follows changes forgets all that it holds of the user. */
const marker = 'erased'

/** Cosmos `users`: everything in the partitions of the person and of the person's sessions, and what instances hold of it. */
export const userDocumentsStep: EraseStep = {
  store: 'cosmos-users',
  about: 'profile, customer record, preferences, consent, stored list; of merged sessions too',
  erase: async ({ ids }, { ports: { documents }, options }) => {
    const counts = { found: 0, removed: 0 }
    const held: string[] = []
    for (const partition of ids) {
      const found = await userDocuments(partition, documents)
      for (const id of found) {
        counts.found += 1
        if (await documents.remove(collections.userDocuments, { id, partition })) counts.removed += 1
      }
      if (found.length > 0) held.push(partition)
    }
    if (held.length === 0) return counts
    for (const user_id of held) await documents.upsert(collections.userDocuments, { id: marker, user_id })
    await passed(options.settleMs)
    for (const partition of held) await documents.remove(collections.userDocuments, { id: marker, partition })
    return { ...counts, note: 'instances at work hold nothing of it any more; what idle ones hold is listed to nobody' }
  },
}

async function userDocuments(partition: string, documents: Documents): Promise<string[]> {
  const ids: string[] = []
  for await (const page of documents.query(collections.userDocuments, { partition }))
    ids.push(...page.map(({ id }) => id))
  return ids
}
