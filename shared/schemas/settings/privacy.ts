import { z } from 'zod'
import { count, number } from './setting.ts'

/** How long what is kept of people is kept (X09): docs/privacy.md. */
export const PrivacySettings = z.object({
  /** As the namespace's hubs are set: certificates of erasure tell by it until when an event may still be there. */
  EVENT_HUB_RETENTION_HOURS: number(24, count.max(2160, { error: 'must be 2160 or less' })),
})
export type PrivacySettings = z.infer<typeof PrivacySettings>
