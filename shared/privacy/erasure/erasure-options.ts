import type { LakeOptions } from '../../lake/lake-options.ts'
import type { PrivacySettings } from '../../schemas/settings/privacy.ts'
import type { ErasureOptions } from './erase-step.ts'

/** Instances look for new tombstones at least so often while they take in or list anything. */
export const tombstonesMs = 1_000

export const erasureOptions = (settings: PrivacySettings, lake: LakeOptions): ErasureOptions => ({
  lake,
  settleMs: 2 * tombstonesMs,
  eventHubHours: settings.EVENT_HUB_RETENTION_HOURS,
})
