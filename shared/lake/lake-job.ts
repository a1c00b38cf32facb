import { catalogueStage } from '../ingest/catalogue/catalogue-stage.ts'
import { eventsStage } from '../ingest/events-stage.ts'
import { filesStage } from '../ingest/landing/files-stage.ts'
import type { Job, Stage } from '../runs/stage.ts'
import { qualityStage } from './data-quality.ts'
import { goldStage } from './gold/gold-stage.ts'
import type { LakeOptions } from './lake-options.ts'
import { silverStage } from './silver/silver-stage.ts'
import { upkeepStage } from './upkeep-stage.ts'

/**
 * Files and events -> bronze -> silver -> gold, and the catalogue that is served. Hourly it makes what is kept by months,
 * daily everything, and keeps the tables up. Two runs at once, this one and a refresh, get along: who commits second
 * decides anew.
 */
export function lakeJob(options: LakeOptions): Job {
  return { kind: 'lake', stages: [...lakeStages(options), upkeepStage(options)] }
}

/** The stages of the lake; with `only`, no more than what models are trained on is made of. */
export function lakeStages(options: LakeOptions, { only }: { only?: 'training' } = {}): Stage[] {
  const made = { ...options, ...(only === undefined ? {} : { only }) }
  return [filesStage(options), eventsStage, silverStage(made), qualityStage(options), catalogueStage, goldStage(made)]
}
