import type { Documents } from '../ports.ts'
import { collections } from '../schemas/collections.ts'
import type { Placement, PlacementName, PlacementSettings } from '../schemas/placements.ts'

const key = { id: 'placements', partition: 'placements' } as const

/**
 * Sets how the lists of one placement are made, or without a value brings it back to the app's default; the others stay
 * as they are, also when someone sets one of them at the same moment.
 * @param check is told the version that would be replaced, undefined for none, and throws where it may not be
 */
export async function setPlacement(
  name: PlacementName,
  value: Placement | undefined,
  { documents, check }: { documents: Documents; check(version: string | undefined): void },
): Promise<{ settings: PlacementSettings; version: string }> {
  for (;;) {
    const stored = await documents.read(collections.placements, key)
    check(stored?.etag)
    const { [name]: _, ...others } = stored?.document.placements ?? {}
    const settings: PlacementSettings = { id: key.id, placements: value ? { ...others, [name]: value } : others }
    const written = stored
      ? await documents.replace(collections.placements, settings, stored.etag)
      : await documents.create(collections.placements, settings)
    if (written) return { settings, version: written.etag }
  }
}
