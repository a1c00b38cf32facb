import { findRun } from '../runs/ledger.ts'
import { removeEndedRuns } from '../runs/remove-ended-runs.ts'
import { dollarsOf } from '../runs/request-units.ts'
import { RunFailure, type Stage, type StageContext, stage } from '../runs/stage.ts'
import { collections } from '../schemas/collections.ts'
import { readSummary } from '../training/dataset-blobs.ts'
import { readCertificate } from '../training/increment/certificate-stage.ts'
import { manifestContent } from '../training/model.ts'
import type { TrainingOptions } from '../training/options.ts'
import { readSegments } from '../training/segments-stage.ts'
import { keepDigests } from './digest-files.ts'
import { countLists } from './list-statistics.ts'
import { flipLivePointer, tellAge } from './live-pointer.ts'
import { modelVersionOf } from './model-version.ts'
import { removeOldModels } from './remove-old-models.ts'

/** Records the generation and makes it live with one conditional write. */
export const activateStage = (options: TrainingOptions): Stage =>
  stage({
    name: 'activate',
    weight: 1,
    parse: () => ({}),
    plan: async () => [{}],
    run: async (_, context) => {
      const { runId, token, createdAt, ports } = context
      const { users, items, until, counts } = await readSummary(context)
      const certificate = await readCertificate(context)
      const manifest = await manifestContent(runId, ports.blobs)
      const segments = await readSegments(context)
      const modelVersion = modelVersionOf(context)
      const generatedAt = new Date(ports.clock()).toISOString()
      const { als, itemLinear, seed, strength, rules, popularityHalfLifeMs, popularityShare } = options
      await ports.documents.upsert(collections.generations, {
        id: modelVersion,
        generation: token,
        run_id: runId,
        generated_at: generatedAt,
        manifest_path: manifest.path,
        manifest_sha256: manifest.sha256,
        parameters: { als, itemLinear, seed, strength, rules, popularityHalfLifeMs, popularityShare },
        counts: { users, items, ...counts },
        certificate,
        ...(segments ? { segments } : {}),
      })
      await ports.documents.upsert(collections.modelMetrics, {
        ...{ id: modelVersion, generation: token, run_id: runId, generated_at: generatedAt, certificate },
      })
      await keepDigests(context)
      await countLists({ modelVersion, generatedAt }, context)
      const live = await flipLivePointer(
        {
          generation: token,
          model_version: modelVersion,
          generated_at: generatedAt,
          // An event dated ahead of time must not make newer ones look old.
          data_until: Math.min(until * 1000, Date.parse(createdAt)),
        },
        ports.documents,
      )
      if (!live) throw new RunFailure(`Generation ${token} was not made live: a later one is already`)
      tellAge({ generated_at: generatedAt }, ports)
      ports.log.info({ event: 'published', stage: 'activate', run: runId, model_version: modelVersion, users, items })
      context.note(await runCost(context, options))
      return {
        generation: token,
        files_removed: await removeEndedRuns(runId, ports),
        model_files_removed: await removeOldModels({ runId, token }, ports),
      }
    },
  })

/** A line of the run's log: what its stages asked of Cosmos, up to this one. */
async function runCost(
  { runId, ports }: StageContext,
  { publishing }: Pick<TrainingOptions, 'publishing'>,
): Promise<Record<string, unknown>> {
  const run = await findRun(runId, ports.documents)
  const stages = (run?.document.stages ?? []).flatMap(({ name, metrics = {} }) => {
    const { request_units: units = 0 } = metrics
    return units > 0 ? [[name, units] as const] : []
  })
  const requestUnits = stages.reduce((sum, [, units]) => sum + units, 0)
  const dollars = dollarsOf(requestUnits, publishing.dollarsPerMillionRequestUnits)
  return {
    message: 'request units of the run',
    request_units: requestUnits,
    dollars,
    by_stage: Object.fromEntries(stages),
  }
}
