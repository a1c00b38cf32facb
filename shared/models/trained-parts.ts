import type { Factors } from '../algorithms/als.ts'
import type { Csr } from '../algorithms/csr.ts'

/** Parts of models trained on one set, by their parameters: trials that differ elsewhere share them. */
export interface TrainedParts {
  factors: Map<string, Factors>
  /** Of the item-item linear model, with rows = the items a user has. */
  weights: Map<string, Csr>
}

/** Parts kept of each kind: a search changes little at a time, so that the latest come again. */
const partsMax = 3

export function noParts(): TrainedParts {
  return { factors: new Map(), weights: new Map() }
}

/** The part of these parameters: the one remembered, or else a new one, which takes the place of the oldest. */
export async function partOf<Part>(
  known: Map<string, Part>,
  parameters: object,
  train: () => Part | Promise<Part>,
): Promise<Part> {
  const key = JSON.stringify(parameters)
  const found = known.get(key)
  if (found !== undefined) return found
  const [oldest] = known.keys()
  if (known.size >= partsMax && oldest !== undefined) known.delete(oldest)
  const part = await train()
  known.set(key, part)
  return part
}
