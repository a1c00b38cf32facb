import { decodeNameList, namesOf } from '../../algorithms/name-list.ts'
import { type Stage, type StageContext, stage } from '../../runs/stage.ts'
import { collections } from '../../schemas/collections.ts'
import { blobsOf, type ModelManifest } from '../../schemas/model.ts'
import type { Generation } from '../../schemas/published.ts'
import { readContent } from '../content-blobs.ts'
import { type DatasetSummary, readNames, readSummary } from '../dataset-blobs.ts'
import { parseManifest } from '../model.ts'
import type { TrainingOptions } from '../options.ts'
import { rowsBefore } from './changed-users.ts'
import { decideRefit, type LiveModel } from './decide-refit.ts'
import { type Base, writeRefreshPlan } from './refresh-plan.ts'

/** Parameters that models and lists are made with, as a generation keeps them. */
const kept = ['als', 'itemLinear', 'seed', 'strength', 'rules', 'popularityHalfLifeMs', 'popularityShare'] as const
type DecideOptions = Pick<TrainingOptions, (typeof kept)[number] | 'refit'>

/** The dataset and the live model -> whether this refresh fits all factors anew or adds what changed, and why. */
export const decideStage = (options: DecideOptions): Stage =>
  stage({
    name: 'decide',
    weight: 1,
    parse: () => ({}),
    plan: async () => [{}],
    run: async (_, context) => {
      const found = await liveBase(context)
      const live = found && (await liveModel(found, options, context))
      const now = Date.parse(context.createdAt)
      const decision = decideRefit({ asked: context.refit ?? false, live, now, options: options.refit })
      const base = found?.base
      if (decision.type === 'refit') await writeRefreshPlan(context, { ...decision, ...(base ? { base } : {}) })
      else if (base) await writeRefreshPlan(context, { ...decision, base })
      tellDrift({ live, decision }, context)
      context.note({ decided: decision.type, why: decision.type === 'refit' ? decision.reason : decision.scope })
      return {
        refit: decision.type === 'refit' ? 1 : 0,
        new_interactions_share: live?.newInteractionsShare ?? 1,
        new_items_share: live?.newItemsShare ?? 1,
      }
    },
  })

/** How far fold-ins and the last fit agree, once that was measured; drifted when they do so little that all is fitted anew. */
function tellDrift(
  { live, decision }: { live: LiveModel | undefined; decision: ReturnType<typeof decideRefit> },
  { runId, ports: { telemetry, log } }: StageContext,
): void {
  if (live?.overlap === undefined) return
  telemetry.gauge('model_agreement_ratio', {}, live.overlap)
  if (decision.type !== 'refit' || decision.reason !== 'overlap') return
  log.warn({ event: 'drift', stage: 'decide', kind: 'refresh', run: runId, agreement: live.overlap })
}

interface Found {
  base: Base
  generation: Generation
  manifest: ModelManifest
}

/** What is live, if an increment can add to it: a model without its fit, or with blobs that are gone, is none. */
async function liveBase({ ports }: StageContext): Promise<Found | undefined> {
  const { documents, blobs, log } = ports
  const pointer = await documents.read(collections.livePointer, { id: 'live', partition: 'live' })
  if (!pointer) return undefined
  const { model_version: version } = pointer.document
  const stored = await documents.read(collections.generations, { id: version, partition: version })
  const bytes = stored && (await blobs.read(stored.document.manifest_path))
  if (!stored || !bytes) {
    log.warn({ stage: 'decide', model: version, missing: stored ? 'manifest' : 'generation' })
    return undefined
  }
  const generation = stored.document
  const manifest = parseManifest(bytes)
  const missing = await firstMissing(manifest, ports)
  if (!manifest.fit || missing !== undefined) {
    log.warn({ stage: 'decide', model: version, missing: missing ?? 'fit' })
    return undefined
  }
  const { run_id, manifest_path: path, manifest_sha256: sha256 } = generation
  const allListsAt = generation.certificate?.all_lists_at ?? generation.generated_at
  const base = { run_id, model_version: version, generation: generation.generation, manifest: { path, sha256 } }
  return { base: { ...base, all_lists_at: allListsAt }, generation, manifest }
}

async function firstMissing(
  manifest: ModelManifest,
  { blobs }: Pick<StageContext['ports'], 'blobs'>,
): Promise<string | undefined> {
  for (const { path } of blobsOf(manifest)) if (!(await blobs.readRange(path, 0, 1))) return path
  return undefined
}

async function liveModel(
  { base, generation, manifest }: Found,
  options: DecideOptions,
  context: StageContext,
): Promise<LiveModel | undefined> {
  const { fit } = manifest
  if (!fit) return undefined
  const { parameters, certificate } = generation
  const summary = await readSummary(context)
  const items = await readNames(context, 'items')
  const known = namesOf(decodeNameList(await readContent(fit.names, context.ports.blobs)))
  const newItems = rowsBefore(known, items).filter(row => row < 0).length
  return {
    fittedAt: Date.parse(fit.at),
    allListsAt: Date.parse(base.all_lists_at),
    sameParameters: kept.every(name => sameJson(parameters[name], options[name])),
    newestPublished: base.generation === context.token - 1,
    newInteractionsShare: Math.max(0, eventsOf(summary) - fit.events) / Math.max(1, fit.events),
    newItemsShare: newItems / Math.max(1, items.length),
    overlap: certificate?.refolded_overlap,
  }
}

/** Events that count. */
export function eventsOf({ counts }: DatasetSummary): number {
  return counts.events - counts.duplicates - counts.unknown_items
}

/** Whether two values are the same once stored; the order of fields does not matter. */
function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([field, inner]) => [field, sorted(inner)]),
  )
}
