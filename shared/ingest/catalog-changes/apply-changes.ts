import type { Ports } from '../../ports.ts'
import { collections } from '../../schemas/collections.ts'
import { customerAfter } from '../catalogue/customer-document.ts'
import { itemAfter } from '../catalogue/item-document.ts'
import { updateDocuments } from '../catalogue/update-documents.ts'
import { type CustomerChange, customerStep, type ItemChange, itemStep } from './change-steps.ts'

/** A change with its place in the partition. */
export interface PlacedChange<Change> {
  sequenceNumber: number
  change: Change
}

/**
 * Applies changes of one partition to the documents of their items and customers: each document holds the last sequence
 * number it has taken in, so that a change delivered again does nothing. Resolves to the number of documents written.
 */
export async function applyChanges(
  partition: string,
  changes: { items: readonly PlacedChange<ItemChange>[]; customers: readonly PlacedChange<CustomerChange>[] },
  { documents, sha256 }: Pick<Ports, 'documents' | 'sha256'>,
): Promise<number> {
  const items = updateDocuments(
    collections.items,
    [...Map.groupBy(changes.items, ({ change }) => change.key)],
    {
      keyOf: ([id]) => ({ id, partition: id }),
      after: ([id, placed], before) => {
        const unseen = unseenOf(placed, partition, before)
        if (unseen.length === 0) return undefined
        const applied = appliedWith(unseen, partition, before)
        return itemAfter(id, before, { steps: unseen.map(({ change }) => itemStep(change)), applied }, sha256)
      },
    },
    documents,
  )
  const customers = updateDocuments(
    collections.customers,
    [...Map.groupBy(changes.customers, ({ change }) => change.key)],
    {
      keyOf: ([userId]) => ({ id: 'customer', partition: userId }),
      after: ([userId, placed], before) => {
        const unseen = unseenOf(placed, partition, before)
        if (unseen.length === 0) return undefined
        const applied = appliedWith(unseen, partition, before)
        return customerAfter(
          userId,
          before,
          { steps: unseen.map(({ change }) => customerStep(change)), applied },
          sha256,
        )
      },
    },
    documents,
  )
  const written = await Promise.all([items, customers])
  return written.reduce((sum, each) => sum + each, 0)
}

interface Guarded {
  applied?: Readonly<Record<string, number>> | undefined
}

function unseenOf<Change>(placed: readonly PlacedChange<Change>[], partition: string, before: Guarded | undefined) {
  const reached = before?.applied?.[partition] ?? -1
  return placed.filter(({ sequenceNumber }) => sequenceNumber > reached)
}

function appliedWith(unseen: readonly PlacedChange<unknown>[], partition: string, before: Guarded | undefined) {
  return { ...before?.applied, [partition]: Math.max(...unseen.map(({ sequenceNumber }) => sequenceNumber)) }
}
