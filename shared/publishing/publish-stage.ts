import { z } from 'zod'
import { leaseKey } from '../runs/ledger.ts'
import { dollarsOf, requestUnitsOf } from '../runs/request-units.ts'
import { RunFailure, type Stage, type StageContext, stage } from '../runs/stage.ts'
import { type Collection, collections } from '../schemas/collections.ts'
import { DigestFile } from '../schemas/published.ts'
import type { Metrics } from '../schemas/run.ts'
import { listFiles, listNames, listSchemas } from '../training/lists.ts'
import type { TrainingOptions } from '../training/options.ts'
import { type Comparison, compareList } from './compare-list.ts'
import { type DigestReader, rememberedDigest, writePartDigest } from './digest-files.ts'
import { announceWriting, readLivePointer } from './live-pointer.ts'
import { beginPublishing } from './publish-state.ts'
import { publishValues } from './publish-values.ts'
import type { Slots } from './slots.ts'

const PublishChunk = z.object({
  list: z.enum(listNames),
  files: z.array(z.string()).min(1),
  /** What documents hold already; without it they are read. */
  base: DigestFile.optional(),
  /** Whether a value that the digest does not know is most likely the first of its id. */
  unknownIsNew: z.boolean(),
})
type PublishChunk = z.infer<typeof PublishChunk>
/**
 * List bytes of a chunk: some 18,000 lists of ten items, whose lines are held in memory where they changed. Written anew
 * they take 200 s of a container's 1,000 RU/s, or some seconds where nothing caps them.
 */
const bytesPerChunk = 8 * 1024 * 1024
/** Values written together, a few requests' worth, so often at once: one is prepared while the other waits. */
const valuesAtOnce = 500
const lanes = 2
const decoder = new TextDecoder()

/**
 * A run's lists -> Cosmos, into the slots that nobody reads yet; only what changed is written, and what a digest knows to
 * be there is not even read (docs/decisions/0009-publish-by-digest.md).
 */
export function publishStage(options: Pick<TrainingOptions, 'publishing'>): Stage {
  const readBase = rememberedDigest()
  return stage({
    name: 'publish',
    weight: 25,
    parse: raw => PublishChunk.parse(raw),
    plan: async context => {
      const { token: generation, createdAt, ports } = context
      await announceWriting(generation, ports.documents)
      const { verifyDays } = options.publishing
      const { base, nothing } = await beginPublishing({ generation, createdAt, verifyDays }, ports.documents)
      const chunks: PublishChunk[] = []
      for (const list of listNames) {
        const of = { list, base: base?.lists[list], unknownIsNew: nothing || base !== undefined }
        for (const files of grouped(await listFiles(context, list))) chunks.push({ ...of, files })
      }
      return chunks
    },
    run: (chunk, context) => {
      switch (chunk.list) {
        case 'userLists':
          return publish(collections.userLists, listSchemas.userLists, { chunk, context, options, readBase })
        case 'itemNeighbours':
          return publish(collections.itemNeighbours, listSchemas.itemNeighbours, { chunk, context, options, readBase })
        case 'itemRules':
          return publish(collections.itemRules, listSchemas.itemRules, { chunk, context, options, readBase })
        case 'popularity':
          return publish(collections.popularity, listSchemas.popularity, { chunk, context, options, readBase })
      }
    },
  })
}

/** Files in their order, together as far as a chunk goes. */
function grouped(files: readonly { file: string; bytes: number }[]): string[][] {
  const groups: string[][] = []
  let left = 0
  for (const { file, bytes } of files) {
    const group = groups.at(-1)
    if (group && bytes <= left) group.push(file)
    else groups.push([file])
    left = (group && bytes <= left ? left : bytesPerChunk) - bytes
  }
  return groups
}

async function publish<Value, Document extends Slots<Value> & { id: string }>(
  collection: Collection<Document>,
  schema: z.ZodType<Value>,
  of: {
    chunk: PublishChunk
    context: StageContext
    options: Pick<TrainingOptions, 'publishing'>
    readBase: DigestReader
  },
): Promise<Metrics> {
  const { chunk, context, options, readBase } = of
  const { list, files, unknownIsNew } = chunk
  const { documents } = context.ports
  const base = chunk.base && (await readBase(chunk.base, context))
  const compared = await compareList(files, base, context)
  const { changed, values, digest } = compared
  context.note(estimate(chunk, { compared, options }))
  const at = { generation: context.token, live: (await readLivePointer(documents))?.generation ?? 0 }
  const parse = ({ line, known }: Comparison['changed'][number]) => {
    const [id, value] = z.tuple([z.string(), schema]).parse(JSON.parse(decoder.decode(line)))
    return { id, value, isNew: unknownIsNew && !known }
  }
  let written = 0
  let taken = 0
  const lane = async (): Promise<void> => {
    while (taken < changed.length) {
      const some = changed.slice(taken, taken + valuesAtOnce).map(parse)
      taken += some.length
      await refuseSuperseded(context)
      const count = await publishValues(collection, some, { at, documents })
      written += count
      await context.progress(taken / changed.length)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  await writePartDigest({ list, file: files[0] ?? '', digest }, context)
  return { written, unchanged: values - written, unread: values - changed.length }
}

/** A line of the run's log: what is about to be spent. A document that is there has two slots of about one size. */
function estimate(
  { list, unknownIsNew }: PublishChunk,
  of: { compared: Comparison; options: Pick<TrainingOptions, 'publishing'> },
): Record<string, unknown> {
  const { changed, values } = of.compared
  const units = changed.reduce((sum, { line, known }) => {
    if (unknownIsNew && !known) return sum + requestUnitsOf.create(line.length)
    return sum + requestUnitsOf.read(2 * line.length) + requestUnitsOf.replace(2 * line.length)
  }, 0)
  const dollars = dollarsOf(units, of.options.publishing.dollarsPerMillionRequestUnits)
  return {
    ...{ message: 'to be compared and written, at most', list, values, changed: changed.length },
    ...{ estimated_request_units: Math.round(units), estimated_dollars: dollars },
  }
}

/** A worker that wakes up late must not write into slots that a later run reads by now. */
async function refuseSuperseded({ token, ports }: StageContext): Promise<void> {
  const lease = await ports.documents.read(collections.leases, leaseKey('refresh'))
  if (!lease || lease.document.token <= token) return
  throw new RunFailure(
    `Generation ${token} is not published: the later run ${lease.document.holder ?? '(ended)'} began`,
  )
}
