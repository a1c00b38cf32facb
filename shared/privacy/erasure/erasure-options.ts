import type { LakeOptions } from '../../lake/lake-options.ts'
import type { PrivacySettings } from '../../schemas/settings/privacy.ts'
import { tombstonesMs } from '../tombstones/live-tombstones.ts'
import type { ErasureOptions } from './erase-step.ts'

export const erasureOptions = (settings: PrivacySettings, lake: LakeOptions): ErasureOptions => ({
  lake,
  settleMs: 2 * tombstonesMs,
  eventHubHours: settings.EVENT_HUB_RETENTION_HOURS,
})
