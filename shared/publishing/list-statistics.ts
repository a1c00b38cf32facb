import { decodeNameList, encodeNameList, nameListOf, namesOf } from '../algorithms/name-list.ts'
import { findRun } from '../runs/ledger.ts'
import type { StageContext } from '../runs/stage.ts'
import { collections } from '../schemas/collections.ts'
import { isGuest } from '../schemas/ids.ts'
import type { ListStatistics } from '../schemas/list-statistics.ts'
import { readNames, readSummary } from '../training/dataset-blobs.ts'
import { readCertificate } from '../training/increment/certificate-stage.ts'
import { listedItems } from '../training/listed-items.ts'
import { ranges } from '../training/ranges.ts'
import { Digest } from './digest.ts'
import { partDigests } from './digest-files.ts'

const key = { id: 'lists', partition: 'lists' }
const folder = 'models/lists/'
const namesAtOnce = 50_000

/**
 * Counts the lists of users and what is in them, once a generation: a refresh that made all of them counts anew, one that
 * made some goes on from what was counted before.
 */
export async function countLists(
  { modelVersion, generatedAt }: { modelVersion: string; generatedAt: string },
  context: StageContext,
): Promise<void> {
  const { token: generation, createdAt, ports } = context
  const stored = (await ports.documents.read(collections.listStatistics, key))?.document
  if (stored && stored.generation >= generation) return
  const isWhole = (await readCertificate(context)).all_lists_at === createdAt
  const before = isWhole ? undefined : stored?.files
  const made = await whenMade(before?.made, Math.floor(Date.parse(generatedAt) / 1000), context)
  const items = await itemsListed(before?.items, context)
  const files = { made: `${folder}${generation}/made.bin`, items: `${folder}${generation}/items.names` }
  await ports.blobs.write(files.made, made.encode())
  await ports.blobs.write(files.items, encodeNameList(nameListOf(items)))
  await ports.documents.upsert(collections.listStatistics, {
    ...{ id: 'lists', generation, model_version: modelVersion, generated_at: generatedAt },
    users_known: await usersKnown(context),
    items_known: await itemsKnown(context),
    ...{ items_listed: items.length, made: bySecond(made), files },
  })
  const kept = Object.values(files)
  for await (const { path } of ports.blobs.list(folder)) if (!kept.includes(path)) await ports.blobs.remove(path)
}

/** The second each list was last made in, by the mark of its user: a digest with a second in the place of a value. */
async function whenMade(before: string | undefined, second: number, context: StageContext): Promise<Digest> {
  const bytes = before && (await context.ports.blobs.read(before))
  const made = bytes ? Digest.decode(bytes) : new Digest()
  for await (const part of partDigests('userLists', context)) {
    for (const [first = 0, other = 0] of part.marks()) made.set(Uint32Array.of(first, other, second, 0))
  }
  return made
}

async function itemsListed(before: string | undefined, context: StageContext): Promise<string[]> {
  const bytes = before && (await context.ports.blobs.read(before))
  const listed = new Set(bytes ? namesOf(decodeNameList(bytes)) : [])
  for (const itemId of await listedItems(context)) listed.add(itemId)
  return [...listed].sort()
}

/** Visitors are not counted: nobody makes lists for them beforehand. */
async function usersKnown(context: StageContext): Promise<number> {
  let known = 0
  for (const range of ranges((await readSummary(context)).users, namesAtOnce)) {
    known += (await readNames(context, 'users', range)).filter(name => !isGuest(name)).length
  }
  return known
}

/** What the shop offers, as the stage before has counted it. */
async function itemsKnown({ runId, ports }: StageContext): Promise<number> {
  const stages = (await findRun(runId, ports.documents))?.document.stages ?? []
  return stages.find(({ name }) => name === 'catalogue-snapshot')?.metrics?.items ?? 0
}

function bySecond(made: Digest): ListStatistics['made'] {
  const lists = new Map<number, number>()
  for (const [, , second = 0] of made.marks()) lists.set(second, (lists.get(second) ?? 0) + 1)
  return [...lists].sort(([a], [b]) => a - b)
}
