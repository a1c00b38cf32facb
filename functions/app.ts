import { availableParallelism } from 'node:os'
import { azurePorts } from '../shared/adapters/azure/ports.ts'
import { landingJob } from '../shared/ingest/landing-job.ts'
import { lakeJob } from '../shared/lake/lake-job.ts'
import { lakeOptions } from '../shared/lake/lake-options.ts'
import { tuneJob } from '../shared/models/tune-job.ts'
import { layInTuned } from '../shared/models/tuning/lay-in-tuned.ts'
import { fixedParameters } from '../shared/models/tuning/tuned-options.ts'
import { refreshJob } from '../shared/publishing/refresh-job.ts'
import type { Jobs } from '../shared/runs/stage.ts'
import { parseSettings } from '../shared/schemas/settings.ts'
import { shop as servedShop } from '../shared/serving/shop.ts'
import { trainingOptions } from '../shared/training/options.ts'

// What every trigger is bound to: made once a process, from the app's settings, on Azure's adapters.
export const settings = parseSettings(process.env)
export const ports = azurePorts(settings)
export const popularity = { halfLifeMs: settings.POPULARITY_HALF_LIFE_HOURS * 3_600_000 }
export const shop = servedShop(ports, popularity)
const training = trainingOptions(settings, {
  threads: availableParallelism(),
  fixed: fixedParameters(process.env),
  withTuned: layInTuned,
})
export const dollarsPerMillionRequestUnits = settings.RU_DOLLARS_PER_MILLION
export const jobs: Jobs = {
  lake: lakeJob(lakeOptions(settings)),
  landing: landingJob,
  refresh: refreshJob(training),
  tune: tuneJob(training),
}
