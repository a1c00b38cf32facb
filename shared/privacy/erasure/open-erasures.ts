import type { Documents } from '../../ports.ts'
import { collections } from '../../schemas/collections.ts'
import type { Erasure } from '../../schemas/erasure.ts'

/** What somebody asked to erase and is not erased yet, the oldest request first. */
export async function openErasures(documents: Documents): Promise<Erasure[]> {
  const open: Erasure[] = []
  for (const status of ['waiting', 'running'] as const) {
    const equal = { status } as const
    for await (const page of documents.query(collections.erasures, { partition: 'erasure', equal })) open.push(...page)
  }
  return open.sort((a, b) => (a.requested_at < b.requested_at ? -1 : 1))
}

export async function readErasure(id: string, documents: Documents): Promise<Erasure | undefined> {
  return (await documents.read(collections.erasures, { id, partition: 'erasure' }))?.document
}
