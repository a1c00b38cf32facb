import { decayedValue } from '../algorithms/popularity.ts'
import type { Documents } from '../ports.ts'
import { collections } from '../schemas/collections.ts'
import { type Counters, counterLimits, popularityWeights } from '../schemas/counters.ts'
import type { Sequenced } from './delivered.ts'
import { withoutRepeats } from './known-events.ts'

export interface PopularityOptions {
  halfLifeMs: number
}

/**
 * The moment that values refer to moves on in steps, and events after it weigh more instead: decayed anew by each small
 * batch and rounded, values of a busy shop would stand still.
 */
const stepsPerHalfLife = 16

const countersId = (partition: string) => `interactions-${partition}`

/** Adds the batch to the partition's decayed item counters: one document, one write a batch, each event once. */
export async function countInteractions(
  partition: string,
  interactions: readonly Sequenced[],
  { halfLifeMs }: PopularityOptions,
  documents: Documents,
): Promise<void> {
  const id = countersId(partition)
  for (;;) {
    const stored = await documents.read(collections.counters, { id, partition: id })
    const before: Counters = stored?.document ?? { id, applied: -1, at: 0, known: {}, values: {} }
    const after = added(before, interactions, halfLifeMs)
    if (after === undefined) return
    const written = stored
      ? await documents.replace(collections.counters, after, stored.etag)
      : await documents.create(collections.counters, after)
    if (written) return
  }
}

function added(before: Counters, interactions: readonly Sequenced[], halfLifeMs: number): Counters | undefined {
  const later = interactions.filter(({ sequenceNumber }) => sequenceNumber > before.applied)
  if (later.length === 0) return undefined
  const applied = later.reduce((last, { sequenceNumber }) => Math.max(last, sequenceNumber), before.applied)
  const { first: news, known } = withoutRepeats(later, before.known)
  const newest = news.reduce((latest, { interaction }) => Math.max(latest, interaction.at), before.at)
  const isFirst = before.applied < 0
  const at = isFirst || newest - before.at > halfLifeMs / stepsPerHalfLife ? newest : before.at
  const values = new Map(Object.entries(before.values))
  if (at !== before.at) {
    for (const [itemId, value] of values) values.set(itemId, decayedValue({ value, at: before.at }, at, halfLifeMs))
  }
  for (const { interaction } of news) {
    const thumbsDown = interaction.type === 'feedback' && interaction.value === -1
    const weight = popularityWeights[interaction.type] * (thumbsDown ? -1 : 1)
    const added = decayedValue({ value: weight, at: interaction.at }, at, halfLifeMs)
    values.set(interaction.itemId, (values.get(interaction.itemId) ?? 0) + added)
  }
  const kept = [...values]
    .filter(([, value]) => value >= counterLimits.smallestValue)
    .sort(([, a], [, b]) => b - a)
    .slice(0, counterLimits.items)
    .map(([itemId, value]) => [itemId, Math.round(value * 1000) / 1000])
  return { ...before, applied, at, known, values: Object.fromEntries(kept) }
}
