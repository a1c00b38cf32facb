import type { Settings } from '../../schemas/settings.ts'
import type { UserDocumentsOptions } from './user-documents.ts'

type CacheSettings = Pick<
  Settings,
  'CACHE_USERS' | 'CACHE_MEGABYTES' | 'CACHE_TRUST_MS' | 'CACHE_LOOK_MS' | 'CACHE_STALE_SECONDS'
>

/** What was written by nobody we follow, or has outlived its time, is read again after this long. */
const ttlMs = 5 * 60_000

/** How users are held in memory. The memory is shared by thirds: their documents, their published lists, lists as answered. */
export const userCache = (settings: CacheSettings): UserDocumentsOptions => ({
  // As it is set by now.
  trustMs: () => settings.CACHE_TRUST_MS,
  lookEveryMs: settings.CACHE_LOOK_MS,
  ttlMs,
  staleMsMax: 1_000 * settings.CACHE_STALE_SECONDS,
  entriesMax: settings.CACHE_USERS,
  bytesMax: (settings.CACHE_MEGABYTES * 2 ** 20) / 3,
})
