import type { Documents } from '../ports.ts'
import type { Collection } from '../schemas/collections.ts'
import { type Slots, withValue } from './slots.ts'

/** A value to be written for an id, unless readers of the generation would see it anyway. */
export interface NewValue<Value> {
  id: string
  value: Value
  /** There is most likely no document yet: worth a try to create it without a read. */
  isNew: boolean
}

/**
 * Writes values for a generation into the slots that readers of the live one do not take; resolves to how many were
 * written. A lost condition is read and tried again.
 */
export async function publishValues<Value, Document extends Slots<Value> & { id: string }>(
  collection: Collection<Document>,
  values: readonly NewValue<Value>[],
  { at, documents }: { at: { generation: number; live: number }; documents: Documents },
): Promise<number> {
  const blank = (id: string) => collection.schema.parse({ id })
  const created = values.filter(({ isNew, value }) => isNew && !isEmpty(value))
  const creates = created.flatMap(({ id, value }) => withValue(blank(id), value, at) ?? [])
  const tried = await documents.writeAll(
    collection,
    creates.map(document => ({ document })),
  )
  const done = new Set(created.filter((_, index) => tried[index]))
  let count = done.size
  let waiting = values.filter(value => !done.has(value))
  while (waiting.length > 0) {
    const before = await documents.readAll(
      collection,
      waiting.map(({ id }) => ({ id, partition: id })),
    )
    const writes = waiting.flatMap((value, index) => {
      const stored = before[index]
      if (!stored && isEmpty(value.value)) return []
      const document = withValue(stored?.document ?? blank(value.id), value.value, at)
      return document ? [{ value, write: { document, etag: stored?.etag } }] : []
    })
    const written = await documents.writeAll(
      collection,
      writes.map(({ write }) => write),
    )
    count += written.filter(Boolean).length
    waiting = writes.filter((_, index) => !written[index]).map(({ value }) => value)
  }
  return count
}

/** What never had a value needs no document to say so. */
function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0
}
