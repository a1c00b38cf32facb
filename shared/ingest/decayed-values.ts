import { decayedValue } from '../algorithms/popularity.ts'
import { counterLimits, popularityWeights } from '../schemas/counters.ts'
import type { Sequenced } from './delivered.ts'

export interface PopularityOptions {
  halfLifeMs: number
}

/** Decayed weight by item id, all as of one moment in ms since 1970; 0 while there are none. */
export interface DecayedValues {
  at: number
  values: Readonly<Record<string, number>>
}

/**
 * The moment that values refer to moves on in steps, and events after it weigh more instead: decayed anew by each small
 * batch and rounded, values of a busy shop would stand still.
 */
const stepsPerHalfLife = 16

/** Values with the weight of each event added, decayed from or to the moment they refer to. */
export function addInteractions(
  before: DecayedValues,
  events: readonly Sequenced[],
  { halfLifeMs }: PopularityOptions,
): DecayedValues {
  const newest = events.reduce((latest, { interaction }) => Math.max(latest, interaction.at), before.at)
  const at = newest - before.at > halfLifeMs / stepsPerHalfLife || before.at === 0 ? newest : before.at
  const values = asOf(before, at, halfLifeMs)
  for (const { interaction } of events) {
    const thumbsDown = interaction.type === 'feedback' && interaction.value === -1
    const weight = popularityWeights[interaction.type] * (thumbsDown ? -1 : 1)
    const added = decayedValue({ value: weight, at: interaction.at }, at, halfLifeMs)
    values.set(interaction.itemId, (values.get(interaction.itemId) ?? 0) + added)
  }
  return { at, values: rounded(values) }
}

/** The sum of two, as of the later moment; worthless items leave, and the smallest when there are too many. */
export function folded(a: DecayedValues, b: DecayedValues, { halfLifeMs }: PopularityOptions): DecayedValues {
  const at = Math.max(a.at, b.at)
  const values = asOf(a, at, halfLifeMs)
  for (const [itemId, value] of asOf(b, at, halfLifeMs)) values.set(itemId, (values.get(itemId) ?? 0) + value)
  const kept = [...values]
    .filter(([, value]) => value >= counterLimits.smallestValue)
    .sort(([, x], [, y]) => y - x)
    .slice(0, counterLimits.items)
  return { at, values: rounded(new Map(kept)) }
}

function asOf({ at, values }: DecayedValues, moment: number, halfLifeMs: number): Map<string, number> {
  const entries = Object.entries(values)
  if (at === moment) return new Map(entries)
  return new Map(entries.map(([itemId, value]) => [itemId, decayedValue({ value, at }, moment, halfLifeMs)]))
}

/** Three decimals: bytes are paid for. */
function rounded(values: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...values].map(([itemId, value]) => [itemId, Math.round(value * 1000) / 1000]))
}
