import { z } from 'zod'
import { count, number } from './setting.ts'

/** How long what is kept of people is kept, beside the files of the lake (X09): docs/privacy.md. */
export const PrivacySettings = z.object({
  /** Profiles of users who do nothing any more; visitors’ go after 30 days. */
  PROFILE_RETENTION_DAYS: number(730, count.max(20_000, { error: 'must be 20000 or less' })),
  /** What administrators did. */
  AUDIT_RETENTION_DAYS: number(365, count),
  /** What jobs did, but for the newest completed one of each kind. */
  JOB_RETENTION_DAYS: number(90, count),
  /** Certificates of erasure; tombstones stay for good. */
  CERTIFICATE_RETENTION_DAYS: number(1_095, count),
  /** As the namespace's hubs are set: certificates of erasure tell by it until when an event may still be there. */
  EVENT_HUB_RETENTION_HOURS: number(24, count.max(2160, { error: 'must be 2160 or less' })),
})
export type PrivacySettings = z.infer<typeof PrivacySettings>
