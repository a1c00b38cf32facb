import type { LakeSettings } from '../schemas/settings/lake.ts'

/** What the lake is made and kept by. */
export interface LakeOptions {
  /** Key of the pseudonyms that stand for customers. */
  pseudonymKey: string
  /** A run that accepts a smaller share of its rows raises an alert, 0 to 1. */
  dataQualityFloor: number
  /** How long versions of tables can be gone back to. */
  retentionDays: number
  /** How many days files are kept, by what they are; without it all of them. */
  fileDays?: FileDays
  /** Makes silver and gold anew out of all of bronze. */
  rebuild?: boolean
}

/** Days that files are kept from when they were written last. */
export interface FileDays {
  /** Files of the shop's systems, once they were taken in. */
  landing: number
  /** Events and rows that could not be taken in, as they came. */
  refused: number
  /** Logs of jobs. */
  logs: number
  exports: number
}

export const lakeOptions = (settings: LakeSettings): LakeOptions => ({
  pseudonymKey: settings.PSEUDONYM_KEY,
  dataQualityFloor: settings.DATA_QUALITY_FLOOR,
  retentionDays: settings.LAKE_RETENTION_DAYS,
  fileDays: {
    landing: settings.LANDING_RETENTION_DAYS,
    refused: settings.REFUSED_RETENTION_DAYS,
    logs: settings.LOG_RETENTION_DAYS,
    exports: settings.EXPORT_RETENTION_DAYS,
  },
})
