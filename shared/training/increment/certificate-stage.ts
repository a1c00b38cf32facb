import { decodeNameList, namesOf } from '../../algorithms/name-list.ts'
import { readJson, writeJson } from '../../runs/run-blobs.ts'
import { type Stage, type StageContext, stage } from '../../runs/stage.ts'
import { Certificate } from '../../schemas/certificate.ts'
import type { ModelManifest } from '../../schemas/model.ts'
import { readNames, readSummary } from '../dataset-blobs.ts'
import { readManifest } from '../model.ts'
import type { TrainingOptions } from '../options.ts'
import { foldedAgreement, refoldedAgreement } from './agreement.ts'
import { rowsBefore } from './changed-users.ts'
import { eventsOf } from './decide-stage.ts'
import { readKept } from './keep-model.ts'
import { type RefreshPlan, readRefreshPlan } from './refresh-plan.ts'
import { decodeUserFlags } from './user-flags.ts'

const file = 'increment/certificate.json'

type Run = Pick<StageContext, 'runId' | 'ports'>
export const readCertificate = (run: Run): Promise<Certificate> => readJson(run, file, Certificate)

/** The run's model -> what it says of itself: see `Certificate`. */
export const certificateStage = (options: Pick<TrainingOptions, 'als'>): Stage =>
  stage({
    name: 'certificate',
    weight: 2,
    parse: () => ({}),
    plan: async () => [{}],
    run: async (_, context) => {
      const plan = await readRefreshPlan(context)
      const manifest = await readManifest(context.runId, context.ports.blobs)
      const agreement =
        plan.type === 'increment'
          ? await refoldedAgreement(manifest, options, context)
          : await foldedAgreement(manifest, plan.base, context)
      const made = await howMade(manifest, plan, context)
      const certificate = { ...made, ...withoutGaps(agreement) }
      await writeJson(context, file, certificate)
      context.note(certificate)
      return Object.fromEntries(
        Object.entries(certificate).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
      )
    },
  })

async function howMade(manifest: ModelManifest, plan: RefreshPlan, context: StageContext) {
  const { fit, foldedUsers } = manifest
  if (!fit || !foldedUsers) throw new Error(`Cannot certify ${context.runId} as its model does not name its fit`)
  const flags = decodeUserFlags(await readKept(foldedUsers, context))
  const known = namesOf(decodeNameList(await readKept(fit.names, context)))
  const newItems = rowsBefore(known, await readNames(context, 'items')).filter(row => row < 0).length
  const events = eventsOf(await readSummary(context))
  const all = plan.type === 'refit' || plan.scope !== 'changed'
  return {
    mode: plan.type,
    reason: plan.type === 'refit' ? plan.reason : plan.scope,
    fitted_at: fit.at,
    all_lists_at: all ? context.createdAt : plan.base.all_lists_at,
    folded_users_share: share(
      flags.reduce((sum, flag) => sum + flag, 0),
      flags.length,
    ),
    new_items_share: share(newItems, manifest.items),
    new_interactions_share: share(Math.max(0, events - fit.events), fit.events),
  }
}

function withoutGaps<T extends Record<string, number | undefined>>(figures: T): Record<string, number> {
  return Object.fromEntries(
    Object.entries(figures).filter((entry): entry is [string, number] => entry[1] !== undefined),
  )
}

const share = (part: number, of: number): number => (of === 0 ? 0 : part / of)
