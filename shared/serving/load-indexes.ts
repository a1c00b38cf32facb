import { contentScores } from '../algorithms/content-scores.ts'
import { decodeCsr } from '../algorithms/csr.ts'
import { decodeNameList, namesOf } from '../algorithms/name-list.ts'
import { decodeRepurchase } from '../algorithms/repurchase.ts'
import { decodeSegments } from '../algorithms/segments.ts'
import { decodeUserHistories } from '../algorithms/user-histories.ts'
import { userNeighbours } from '../algorithms/user-neighbours.ts'
import type { Blobs } from '../ports.ts'
import type { ModelIndexes } from '../schemas/model.ts'
import type { ServedContent, ServedIndexes } from '../sources/served-model.ts'
import { readContent } from '../training/content-blobs.ts'

/** Users that a visitor's list is told from. */
const neighbours = 100

/** What a manifest names beside the factors, ready to be asked. @throws Error when a blob is gone or is not what was written */
export async function loadIndexes(indexes: ModelIndexes, blobs: Pick<Blobs, 'read'>): Promise<ServedIndexes> {
  const { userHistories, content, repurchase, segments } = indexes
  const loaded: ServedIndexes = {}
  if (userHistories) {
    const histories = decodeUserHistories(await readContent(userHistories, blobs))
    loaded.userNeighbours = userNeighbours(histories, { neighbours })
  }
  if (content) loaded.content = await loadContent(content, blobs)
  if (repurchase) loaded.repurchase = decodeRepurchase(await readContent(repurchase, blobs))
  if (segments) loaded.segments = decodeSegments(await readContent(segments, blobs))
  return loaded
}

async function loadContent(
  named: NonNullable<ModelIndexes['content']>,
  blobs: Pick<Blobs, 'read'>,
): Promise<ServedContent> {
  const items = namesOf(decodeNameList(await readContent(named.items, blobs)))
  const features = namesOf(decodeNameList(await readContent(named.features, blobs)))
  const rows = decodeCsr(await readContent(named.rows, blobs))
  const itemsOf = decodeCsr(await readContent(named.itemsOf, blobs))
  return {
    ...{ items, features, rows, nearest: contentScores({ rows, itemsOf }) },
    rowOf: new Map(items.map((itemId, row) => [itemId, row])),
    featureOf: new Map(features.map((feature, column) => [feature, column])),
  }
}
