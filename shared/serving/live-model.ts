import { z } from 'zod'
import { decodeGramian } from '../algorithms/factor-rows.ts'
import { decodeNameList, namesOf } from '../algorithms/name-list.ts'
import type { Ports } from '../ports.ts'
import { collections } from '../schemas/collections.ts'
import type { LivePointer } from '../schemas/published.ts'
import { modelItems } from '../sources/model-items.ts'
import type { ServedModel } from '../sources/served-model.ts'
import { OtherBytes, readContent } from '../training/content-blobs.ts'
import { parseManifest, readFactorRows } from '../training/model.ts'
import { loadIndexes } from './load-indexes.ts'

/** After a load that failed, the next try is this much later. */
const retryMs = 60_000

/** The part of a generation's parameters that a vector made at serve time depends on. */
const FittedWith = z.object({
  als: z.object({ regularization: z.number(), regularizationExponent: z.number(), alpha: z.number() }),
  strength: z.object({
    weights: z.object({ rating: z.number(), purchase: z.number(), recency: z.number(), quantity: z.number() }),
    recencyHalfLifeMs: z.number(),
  }),
  popularityShare: z.number(),
  itemLinear: z.object({ share: z.number() }).optional(),
})

/** A model in memory that follows the live pointer. */
export interface LiveModel {
  /**
   * The model at hand: that of the live generation, or the last good one while that is loading or cannot be used;
   * undefined until a first one is there. Never waits: a load goes on in the background.
   */
  current(live: LivePointer): ServedModel | undefined
  /** Resolves when no load is under way. */
  settled(): Promise<void>
}

/**
 * Holds the items' side of the live model. A model whose bytes are not those that were written, or that is not there, is
 * logged and not used; it is tried again a minute later.
 */
export function liveModel(ports: Pick<Ports, 'documents' | 'blobs' | 'clock' | 'log' | 'telemetry'>): LiveModel {
  const { clock, log, telemetry } = ports
  let held: ServedModel | undefined
  let loading: Promise<void> | undefined
  let failed: { version: string; at: number } | undefined
  const load = async (version: string): Promise<void> => {
    const started = clock()
    try {
      held = await loadModel(version, ports)
      log.info({ stage: 'model', model: version, items: held.items.length, durationMs: clock() - started })
    } catch (cause) {
      failed = { version, at: clock() }
      const refused = cause instanceof OtherBytes
      if (refused) telemetry.count('model_refused_total', {})
      log.error({
        ...(refused ? { event: 'model_refused' } : {}),
        ...{ stage: 'model', model_version: version, kept: held?.version ?? null, error: String(cause) },
      })
    }
    loading = undefined
  }
  return {
    current: ({ model_version: version }) => {
      const waits = failed?.version === version && clock() - failed.at < retryMs
      if (held?.version !== version && !loading && !waits) loading = load(version)
      return held
    },
    settled: async () => loading,
  }
}

async function loadModel(
  version: string,
  { documents, blobs }: Pick<Ports, 'documents' | 'blobs'>,
): Promise<ServedModel> {
  const generation = await documents.read(collections.generations, { id: version, partition: version })
  if (!generation) throw new Error(`There is no generation ${version}`)
  const { als, strength, popularityShare, itemLinear } = FittedWith.parse(generation.document.parameters)
  const { manifest_path: path, manifest_sha256: sha256 } = generation.document
  const manifest = parseManifest(await readContent({ path, sha256 }, blobs))
  const { factors, items: to } = manifest
  const values = await readFactorRows({ parts: manifest.itemFactors, factors, from: 0, to }, blobs)
  const gramian = decodeGramian(await readContent(manifest.gramians.items, blobs))
  const items = namesOf(decodeNameList(await readContent(manifest.names.items, blobs)))
  return {
    version,
    items,
    rowOf: new Map(items.map((itemId, row) => [itemId, row])),
    factors: await modelItems({ factors, values, gramian }),
    parameters: { ...als, meanEntries: manifest.fit ? manifest.fit.cells / manifest.fit.users : 0 },
    strength,
    popularityShare,
    itemLinearShare: itemLinear?.share ?? 0,
    indexes: await loadIndexes(manifest.indexes ?? {}, blobs),
  }
}
