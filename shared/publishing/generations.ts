import { z } from 'zod'
import type { Documents } from '../ports.ts'
import { type Collection, collections } from '../schemas/collections.ts'
import { Generation } from '../schemas/published.ts'

/** The container has no index and few documents: all of them are read, and those of another kind left out. */
const documentsOfModels: Collection<Generation | undefined> = {
  ...{ container: collections.generations.container, partitionedBy: 'id', key: () => ({ id: '', partition: '' }) },
  schema: z.unknown().transform(found => Generation.safeParse(found).data),
}

/** Every generation that was published, the newest first. */
export async function readGenerations(documents: Documents): Promise<Generation[]> {
  const found: Generation[] = []
  for await (const page of documents.query(documentsOfModels, {})) {
    for (const generation of page) if (generation) found.push(generation)
  }
  return found.sort((a, b) => b.generation - a.generation)
}
