import type { Documents } from '../ports.ts'
import { collections } from '../schemas/collections.ts'
import type { Placement, PlacementName } from '../schemas/placements.ts'
import { defaultPlacements } from './default-placements.ts'

export type Placements = Readonly<Record<PlacementName, Placement>>

/** How lists are made: what the shop set, and the app's defaults for the rest. */
export async function readPlacements(documents: Documents): Promise<Placements> {
  const stored = await documents.read(collections.placements, { id: 'placements', partition: 'placements' })
  return { ...defaultPlacements, ...stored?.document.placements }
}
