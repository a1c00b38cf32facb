import { decodeUserHistories } from '../algorithms/user-histories.ts'
import { userNeighbours } from '../algorithms/user-neighbours.ts'
import type { Blobs } from '../ports.ts'
import type { ModelIndexes } from '../schemas/model.ts'
import type { ServedIndexes } from '../sources/served-model.ts'
import { readContent } from '../training/content-blobs.ts'

/** Users that a visitor's list is told from. */
const neighbours = 100

/** What a manifest names beside the factors, ready to be asked. @throws Error when a blob is gone or is not what was written */
export async function loadIndexes(indexes: ModelIndexes, blobs: Pick<Blobs, 'read'>): Promise<ServedIndexes> {
  const { userHistories } = indexes
  const loaded: ServedIndexes = {}
  if (userHistories) {
    const histories = decodeUserHistories(await readContent(userHistories, blobs))
    loaded.userNeighbours = userNeighbours(histories, { neighbours })
  }
  return loaded
}
