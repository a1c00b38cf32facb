import { z } from 'zod'
import { type Collection, collections } from '../schemas/collections.ts'

/** A document as it is stored, whatever it is; `_ts` is the second since 1970 of its last write, where the store tells. */
export const StoredDocument = z.looseObject({
  id: z.string(),
  ttl: z.number().optional(),
  _ts: z.int().optional(),
})
export type StoredDocument = z.infer<typeof StoredDocument>

/** What answers to repeats are sealed in for a day: of no use in another place, and gone by the time it would be. */
const leftOut = ['requests']
/**
 * The pointer comes first: what is published later is in slots that readers of its generation do not take. Leases come after
 * it, so that no generation is given twice. Who was erased comes last, when all else is copied.
 */
const first = ['models']
const last = ['runs', 'privacy']

/** Every container of documents, in the order in which they are copied. */
export const storedCollections: readonly Collection<StoredDocument>[] = inOrder(
  [...new Map(Object.values(collections).map(({ container, partitionedBy }) => [container, partitionedBy]))]
    .filter(([container]) => !leftOut.includes(container))
    .map(([container, partitionedBy]) => ({
      ...{ container, partitionedBy, schema: StoredDocument },
      key: document => ({ id: document.id, partition: z.string().parse(document[partitionedBy]) }),
    })),
)

function inOrder(all: readonly Collection<StoredDocument>[]): Collection<StoredDocument>[] {
  const rank = ({ container }: Collection<StoredDocument>) =>
    first.includes(container) ? -1 : last.indexOf(container) + 1 || 0
  return [...all].sort((a, b) => rank(a) - rank(b))
}

/** Every container of blobs that the app writes. */
export const backedUpContainers = [
  ...['landing', 'bronze', 'silver', 'gold', 'quarantine', 'dead-letter'],
  ...['runs', 'models', 'logs', 'exports', 'privacy', 'audit'],
] as const

/** What is written by appending: a blob of another kind in Azure than one that is written whole. */
export const appendedContainers: readonly string[] = ['logs', 'audit']
/** What tells of erasures, of administrators, of what a deployment cost: a restore adds to it and takes nothing away. */
export const keptContainers: readonly string[] = ['privacy', 'audit', 'logs', 'usage']
/** What makes a shop: an app that was just deployed has written of other things, its clock's state and its usage. */
export const shopContainers: readonly string[] = [
  ...['items', 'users', 'user_topn', 'models'],
  ...['landing', 'bronze', 'silver', 'gold'],
]
