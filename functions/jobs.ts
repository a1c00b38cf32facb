import { availableParallelism } from 'node:os'
import { exportJob } from '../shared/exports/export-job.ts'
import { exportOptions } from '../shared/exports/export-options.ts'
import { lakeJob } from '../shared/lake/lake-job.ts'
import { lakeOptions } from '../shared/lake/lake-options.ts'
import { tuneJob } from '../shared/models/tune-job.ts'
import { layInTuned } from '../shared/models/tuning/lay-in-tuned.ts'
import { fixedParameters } from '../shared/models/tuning/tuned-options.ts'
import { erasureOptions } from '../shared/privacy/erasure/erasure-options.ts'
import { erasureJob } from '../shared/privacy/erasure-job.ts'
import { periodsOf, withPeriods } from '../shared/privacy/periods-stage.ts'
import { refreshJob } from '../shared/publishing/refresh-job.ts'
import type { Jobs } from '../shared/runs/stage.ts'
import { trainingOptions } from '../shared/training/options.ts'
import { settings } from './app.ts'
import { patientShop } from './shops.ts'

const lake = lakeOptions(settings)
const threads = availableParallelism()
const training = trainingOptions(settings, { threads, fixed: fixedParameters(process.env), withTuned: layInTuned })
/** What timers, the API and the queue's workers can run. */
export const jobs: Jobs = {
  lake: withPeriods(lakeJob(lake), periodsOf(settings)),
  refresh: refreshJob(training, lake),
  tune: tuneJob(training),
  export: exportJob(exportOptions(settings, { shop: patientShop })),
  erasure: erasureJob(erasureOptions(settings, lake)),
}
