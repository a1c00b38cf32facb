import { z } from 'zod'
import type { Documents } from '../ports.ts'
import { leaseKey } from '../runs/ledger.ts'
import { readJson } from '../runs/run-blobs.ts'
import { RunFailure, type Stage, type StageContext, stage } from '../runs/stage.ts'
import { type Collection, collections } from '../schemas/collections.ts'
import type { Metrics } from '../schemas/run.ts'
import { listFiles, listNames, listSchemas } from '../training/lists.ts'
import { forgetPrevious, readLivePointer } from './live-pointer.ts'
import { type Slots, withValue } from './slots.ts'

const PublishChunk = z.object({ list: z.enum(listNames), file: z.string() })
/** Values read, compared and written together: a few requests' worth. */
const valuesAtOnce = 1_000

/** A run's lists -> Cosmos, into the slots that nobody reads yet; only what changed is written. */
export const publishStage: Stage = stage({
  name: 'publish',
  weight: 25,
  parse: raw => PublishChunk.parse(raw),
  plan: async context => {
    await forgetPrevious(context.ports.documents)
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
  for (let start = 0; start < values.length; start += valuesAtOnce) {
    await refuseSuperseded(context)
    const some = values.slice(start, start + valuesAtOnce)
    written += await publishSome(collection, some, { generation: context.token, live }, documents)
    await context.progress((start + some.length) / values.length)
  }
  return { written, unchanged: values.length - written }
}

/** A worker that wakes up late must not write into slots that a later run reads by now. */
async function refuseSuperseded({ token, ports }: StageContext): Promise<void> {
  const lease = await ports.documents.read(collections.leases, leaseKey('refresh'))
  if (!lease || lease.document.token <= token) return
  throw new RunFailure(
    `Generation ${token} is not published: the later run ${lease.document.holder ?? '(ended)'} began`,
  )
}

async function publishSome<Value, Document extends Slots<Value> & { id: string }>(
  collection: Collection<Document>,
  values: readonly (readonly [id: string, value: Value])[],
  at: { generation: number; live: number },
  documents: Documents,
): Promise<number> {
  let waiting = values
  let count = 0
  while (waiting.length > 0) {
    const before = await documents.readAll(
      collection,
      waiting.map(([id]) => ({ id, partition: id })),
    )
    const writes = waiting.flatMap(([id, value], index) => {
      const stored = before[index]
      // What never had a value needs no document to say so.
      if (!stored && Array.isArray(value) && value.length === 0) return []
      const document = withValue(stored?.document ?? collection.schema.parse({ id }), value, at)
      return document ? [{ pair: [id, value] as const, write: { document, etag: stored?.etag } }] : []
    })
    const written = await documents.writeAll(
      collection,
      writes.map(({ write }) => write),
    )
    count += written.filter(Boolean).length
    waiting = writes.filter((_, index) => !written[index]).map(({ pair }) => pair)
  }
  return count
}
