import { z } from 'zod'
import { readJson } from '../runs/run-blobs.ts'
import { type Stage, type StageContext, stage } from '../runs/stage.ts'
import { type Collection, collections } from '../schemas/collections.ts'
import type { Metrics } from '../schemas/run.ts'
import { listFiles, listNames, listSchemas } from '../training/lists.ts'
import { readLivePointer } from './live-pointer.ts'
import { type Slots, withValue } from './slots.ts'

const PublishChunk = z.object({ list: z.enum(listNames), file: z.string() })
const concurrentWrites = 24

/** A run's lists -> Cosmos, into the slots that nobody reads yet; only what changed is written. */
export const publishStage: Stage = stage({
  name: 'publish',
  weight: 25,
  parse: raw => PublishChunk.parse(raw),
  plan: async context => {
    const chunks: z.infer<typeof PublishChunk>[] = []
    for (const list of listNames) for (const file of await listFiles(context, list)) chunks.push({ list, file })
    return chunks
  },
  run: ({ list, file }, context) => {
    switch (list) {
      case 'userLists':
        return publish(collections.userLists, { file, value: listSchemas.userLists }, context)
      case 'itemNeighbours':
        return publish(collections.itemNeighbours, { file, value: listSchemas.itemNeighbours }, context)
      case 'itemRules':
        return publish(collections.itemRules, { file, value: listSchemas.itemRules }, context)
      case 'popularity':
        return publish(collections.popularity, { file, value: listSchemas.popularity }, context)
    }
  },
})

async function publish<Value, Document extends Slots<Value> & { id: string }>(
  collection: Collection<Document>,
  from: { file: string; value: z.ZodType<Value> },
  context: StageContext,
): Promise<Metrics> {
  const { documents } = context.ports
  const values = await readJson(context, from.file, z.array(z.tuple([z.string(), from.value])))
  const live = (await readLivePointer(documents))?.generation ?? 0
  let written = 0
  let looked = 0
  const waiting = values.values()
  const worker = async () => {
    for (const [id, value] of waiting) {
      if (await publishOne(collection, { id, value }, { generation: context.token, live }, documents)) written += 1
      looked += 1
      await context.progress(looked / values.length)
    }
  }
  await Promise.all(Array.from({ length: concurrentWrites }, worker))
  return { written, unchanged: values.length - written }
}

async function publishOne<Value, Document extends Slots<Value> & { id: string }>(
  collection: Collection<Document>,
  { id, value }: { id: string; value: Value },
  at: { generation: number; live: number },
  documents: StageContext['ports']['documents'],
): Promise<boolean> {
  for (;;) {
    const stored = await documents.read(collection, { id, partition: id })
    if (!stored && Array.isArray(value) && value.length === 0) return false
    const after = withValue(stored?.document ?? collection.schema.parse({ id }), value, at)
    if (!after) return false
    const done = stored
      ? await documents.replace(collection, after, stored.etag)
      : await documents.create(collection, after)
    if (done) return true
  }
}
