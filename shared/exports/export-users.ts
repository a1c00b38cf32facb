import { decodeNameList, encodeNameList, nameListOf, namesOf } from '../algorithms/name-list.ts'
import type { Documents, Ports } from '../ports.ts'
import { readBytes } from '../runs/run-blobs.ts'
import type { StageContext } from '../runs/stage.ts'
import { collections } from '../schemas/collections.ts'
import { readContent } from '../training/content-blobs.ts'
import { parseManifest } from '../training/model.ts'
import type { Range } from '../training/ranges.ts'

/** Documents about a user, besides the published list, that a list is made from. */
const userDocuments = ['profile', 'preferences', 'customer', 'consent'] as const
export type UserDocument = (typeof userDocuments)[number]

/** A user, with what there is to be read: nothing is asked for that is not there. */
export interface ExportUser {
  userId: string
  hasList: boolean
  documents: ReadonlySet<UserDocument>
}

type Run = Pick<StageContext, 'runId' | 'ports'>
const file = 'export/users.names'
const listBit = 1
const documentNames: readonly string[] = userDocuments
const bitOf = (index: number): number => 2 << index
/** Of a user of whom only these are there, nothing is known that a list could be made from. */
const tellsNothing = bitOf(userDocuments.indexOf('customer')) | bitOf(userDocuments.indexOf('consent'))
/** One digit holds all bits. */
const radix = 32

/**
 * Everybody the live model has a list of, with everybody who has a profile or preferences, in order of id, as one blob
 * that is written once: a stage that is run again goes by what the first one found. Takes about 150 bytes a user.
 */
export async function keepExportUsers({ runId, ports }: Run): Promise<void> {
  const found = new Map<string, number>()
  for (const userId of await usersOfModel(ports)) found.set(userId, listBit)
  // One pass over the container costs less than asking for each user whether there is something to read.
  for await (const page of ports.documents.query(collections.userDocuments, {})) {
    for (const { id, user_id: userId } of page) {
      const index = documentNames.indexOf(id)
      if (index >= 0) found.set(userId, (found.get(userId) ?? 0) | bitOf(index))
    }
  }
  const users = [...found].filter(([, bits]) => (bits & ~tellsNothing) !== 0)
  const names = users.sort(([a], [b]) => (a < b ? -1 : 1)).map(([userId, bits]) => `${bits.toString(radix)}${userId}`)
  await ports.blobs.create(`runs/${runId}/${file}`, encodeNameList(nameListOf(names)))
}

/**
 * Some users alone, as a blob that is written once. What there is of them is not known: all of it is asked for.
 * @param some in any order; who is named twice is exported once
 */
export async function keepSomeUsers(some: readonly string[], { runId, ports }: Run): Promise<void> {
  const all = userDocuments.reduce((bits, _, index) => bits | bitOf(index), listBit).toString(radix)
  const names = [...new Set(some)].sort((a, b) => (a < b ? -1 : 1)).map(userId => `${all}${userId}`)
  await ports.blobs.create(`runs/${runId}/${file}`, encodeNameList(nameListOf(names)))
}

/** How many users there are to export. @throws Error when nobody kept them */
export async function countExportUsers(run: Run): Promise<number> {
  return decodeNameList(await readBytes(run, file)).offsets.length - 1
}

/** Users of some rows, in order of id. @throws Error when nobody kept them */
export async function readExportUsers(run: Run, { from, to }: Range): Promise<readonly ExportUser[]> {
  const { bytes, offsets } = decodeNameList(await readBytes(run, file))
  const part = { bytes: bytes.subarray(offsets[from], offsets[to]), offsets: offsets.subarray(from, to + 1) }
  return namesOf(part).map(name => {
    const bits = Number.parseInt(name.slice(0, 1), radix)
    const documents = userDocuments.filter((_, index) => (bits & bitOf(index)) > 0)
    return { userId: name.slice(1), hasList: (bits & listBit) > 0, documents: new Set(documents) }
  })
}

/** Ids of all users of the live model; none before the first refresh. */
async function usersOfModel({ documents, blobs }: Pick<Ports, 'documents' | 'blobs'>): Promise<string[]> {
  const live = await readGeneration(documents)
  if (!live) return []
  const manifest = parseManifest(await readContent({ path: live.manifest_path, sha256: live.manifest_sha256 }, blobs))
  return namesOf(decodeNameList(await readContent(manifest.names.users, blobs)))
}

async function readGeneration(documents: Documents) {
  const live = await documents.read(collections.livePointer, { id: 'live', partition: 'live' })
  if (!live) return undefined
  const { model_version: version } = live.document
  const generation = await documents.read(collections.generations, { id: version, partition: version })
  if (!generation) throw new Error(`There is no generation ${version}, though it is live`)
  return generation.document
}
