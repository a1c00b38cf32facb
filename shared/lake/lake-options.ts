import type { LakeSettings } from '../schemas/settings/lake.ts'

/** What the lake is made and kept by. */
export interface LakeOptions {
  /** Key of the pseudonyms that stand for customers. */
  pseudonymKey: string
  /** A run that accepts a smaller share of its rows raises an alert, 0 to 1. */
  dataQualityFloor: number
  /** How long versions of tables can be gone back to. */
  retentionDays: number
  /** Makes silver and gold anew out of all of bronze. */
  rebuild?: boolean
}

export const lakeOptions = (settings: LakeSettings): LakeOptions => ({
  pseudonymKey: settings.PSEUDONYM_KEY,
  dataQualityFloor: settings.DATA_QUALITY_FLOOR,
  retentionDays: settings.LAKE_RETENTION_DAYS,
})
