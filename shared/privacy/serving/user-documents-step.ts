import { collections } from '../../schemas/collections.ts'
import type { EraseStep } from '../erasure/erase-step.ts'

/** Cosmos `users`: everything in the partitions of the person and of the person's sessions. */
export const userDocumentsStep: EraseStep = {
  store: 'cosmos-users',
  about: 'profile, customer record, preferences, consent, stored list; of merged sessions too',
  erase: async ({ ids }, { ports: { documents } }) => {
    const counts = { found: 0, removed: 0 }
    for (const partition of ids) {
      for await (const page of documents.query(collections.userDocuments, { partition })) {
        for (const { id } of page) {
          counts.found += 1
          if (await documents.remove(collections.userDocuments, { id, partition })) counts.removed += 1
        }
      }
    }
    return counts
  },
}
