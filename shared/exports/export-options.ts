import type { ListWishes } from '../schemas/export.ts'
import type { PlacementName } from '../schemas/placements.ts'
import type { ExportSettings } from '../schemas/settings/exports.ts'
import type { Shop } from '../serving/shop.ts'

/** What an export of lists is made by. */
export interface ExportOptions {
  placement: PlacementName
  /** Items a user. */
  limit: number
  /** Whether users for whom nothing personal is known get what is popular, or are left out. */
  includesPopular: boolean
  /** How long a chunk is to run. */
  chunkSeconds: number
  /** What every list is to be like. */
  wishes?: ListWishes | undefined
  shop: Shop
}

export const exportOptions = (
  settings: ExportSettings & { CHUNK_SECONDS: number },
  { shop }: { shop: Shop },
): ExportOptions => ({
  placement: 'email',
  // As they are set when a chunk is at work.
  get limit() {
    return settings.EXPORT_LIMIT
  },
  get includesPopular() {
    return settings.EXPORT_POPULAR === 'include'
  },
  chunkSeconds: settings.CHUNK_SECONDS,
  shop,
})
