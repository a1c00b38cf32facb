import type { ConditionalWrite, Ports } from '../../ports.ts'
import { type Collection, collections } from '../../schemas/collections.ts'
import type { ItemId, UserId } from '../../schemas/ids.ts'
import { customerAfter } from '../catalogue/customer-document.ts'
import { itemAfter } from '../catalogue/item-document.ts'
import { type CustomerChange, customerStep, type ItemChange, itemStep } from './change-steps.ts'

/** A change with its place in the partition. */
export interface PlacedChange<Change> {
  sequenceNumber: number
  change: Change
}

const lostRacesMax = 20

/**
 * Applies changes of one partition to the documents of their items and customers: each document holds the last sequence
 * number it has taken in, so that a change delivered again does nothing. Resolves to the number of documents written.
 */
export async function applyChanges(
  partition: string,
  changes: { items: readonly PlacedChange<ItemChange>[]; customers: readonly PlacedChange<CustomerChange>[] },
  { documents, sha256 }: Pick<Ports, 'documents' | 'sha256'>,
): Promise<number> {
  const applied = (before: Ordered | undefined, unseen: readonly PlacedChange<unknown>[]) => ({
    ...before?.applied,
    [partition]: Math.max(...unseen.map(({ sequenceNumber }) => sequenceNumber)),
  })
  const items = applyToAll(partition, changes.items, documents, {
    collection: collections.items,
    keyOf: (id: ItemId) => ({ id, partition: id }),
    after: (id, before, unseen) => {
      const steps = unseen.map(({ change }) => itemStep(change))
      return itemAfter(id, before, { steps, applied: applied(before, unseen) }, sha256)
    },
  })
  const customers = applyToAll(partition, changes.customers, documents, {
    collection: collections.customers,
    keyOf: (userId: UserId) => ({ id: 'customer', partition: userId }),
    after: (userId, before, unseen) => {
      const steps = unseen.map(({ change }) => customerStep(change))
      return customerAfter(userId, before, { steps, applied: applied(before, unseen) }, sha256)
    },
  })
  const written = await Promise.all([items, customers])
  return written.reduce((sum, each) => sum + each, 0)
}

interface Ordered {
  applied?: Readonly<Record<string, number>> | undefined
}

async function applyToAll<T extends Ordered, Key extends string, Change extends { key: Key }>(
  partition: string,
  changes: readonly PlacedChange<Change>[],
  documents: Ports['documents'],
  kind: {
    collection: Collection<T>
    keyOf: (key: Key) => { id: string; partition: string }
    after: (key: Key, before: T | undefined, unseen: readonly PlacedChange<Change>[]) => T
  },
): Promise<number> {
  let waiting = [...Map.groupBy(changes, ({ change }) => change.key)]
  let count = 0
  for (let races = 0; waiting.length > 0; races++) {
    if (races === lostRacesMax) {
      throw new Error(`Cannot update ${kind.collection.container}: ${races} conditional writes in a row were lost`)
    }
    const before = await documents.readAll(
      kind.collection,
      waiting.map(([key]) => kind.keyOf(key)),
    )
    const behind: typeof waiting = []
    const writes: ConditionalWrite<T>[] = []
    for (const [index, each] of waiting.entries()) {
      const [key, placed] = each
      const { document, etag } = before[index] ?? {}
      const reached = document?.applied?.[partition] ?? -1
      const unseen = placed.filter(({ sequenceNumber }) => sequenceNumber > reached)
      if (unseen.length === 0) continue
      behind.push(each)
      writes.push({ document: kind.after(key, document, unseen), etag })
    }
    const written = writes.length === 0 ? [] : await documents.writeAll(kind.collection, writes)
    count += written.filter(Boolean).length
    waiting = behind.filter((_, index) => !written[index])
  }
  return count
}
