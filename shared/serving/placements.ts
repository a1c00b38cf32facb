import type { Documents } from '../ports.ts'
import { collections } from '../schemas/collections.ts'
import type { Placement, PlacementName } from '../schemas/placements.ts'
import { placementRules } from './business-rules/placement-rules.ts'
import { defaultPlacements } from './default-placements.ts'

export type Placements = Readonly<Record<PlacementName, Placement>>

/**
 * How lists are made: what the shop set, and the app's defaults for the rest. Expressions are compiled here, not at the first
 * request. @throws ExpressionError for settings that did not come in over the API, which checks them
 */
export async function readPlacements(documents: Documents): Promise<Placements> {
  const stored = await documents.read(collections.placements, { id: 'placements', partition: 'placements' })
  const placements = { ...defaultPlacements, ...stored?.document.placements }
  for (const placement of Object.values(placements)) placementRules(placement)
  return placements
}

/** The same lists with none of their places left to chance. */
export const withoutExploration = (placements: Placements): Placements =>
  Object.fromEntries(
    Object.entries(placements).map(([name, placement]) => [name, { ...placement, exploration: 0 }]),
  ) as Placements
