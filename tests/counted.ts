import { type DecayedValues, folded, type PopularityOptions } from '../shared/ingest/decayed-values.ts'
import type { Documents } from '../shared/ports.ts'
import { collections } from '../shared/schemas/collections.ts'
import { countersId, countingDocuments, laterCountersId } from '../shared/schemas/counters.ts'

/** What a partition's counters say in all, with the last sequence number in them. */
export async function counted(
  partition: string,
  popularity: PopularityOptions,
  documents: Documents,
): Promise<DecayedValues & { applied: number }> {
  const keys = [countersId(partition), laterCountersId(partition)].map(id => ({ id, partition: id }))
  const found = (await documents.readAll(collections.counters, keys)).flatMap(each => (each ? [each.document] : []))
  const counting = countingDocuments(found)
  const nothing: DecayedValues = { at: 0, values: {} }
  const total = counting.reduce<DecayedValues>((sum, each) => folded(sum, each, popularity), nothing)
  return { ...total, applied: Math.max(-1, ...counting.map(({ applied }) => applied)) }
}
