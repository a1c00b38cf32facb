import { decodeNameList, encodeNameList, nameListOf, namesOf } from '../algorithms/name-list.ts'
import { nameHash } from '../algorithms/name-numbers.ts'
import { decodeUserHistories, encodeUserHistories } from '../algorithms/user-histories.ts'
import type { Ports } from '../ports.ts'
import { collections } from '../schemas/collections.ts'
import { guestId } from '../schemas/ids.ts'
import { blobsOf, type ContentBlob, type ModelManifest, manifestPath } from '../schemas/model.ts'
import { hashOf, modelBlobs, readContent, writeContent } from './content-blobs.ts'
import { parseManifest } from './model.ts'

/** What stands where a user stood: a visitor nobody ever is, so that rows keep their numbers and no list is made of it. */
const erasedName = guestId('\u007f')
/** No user's key is 0 but by one chance in four billion; then two nobodies are each other's. */
const noKey = 0

type ModelPorts = Pick<Ports, 'blobs' | 'documents'>

/**
 * Takes users' names out of every model: the row stays under a name that is nobody's, and what names a blob by its hash
 * names the new one: manifests, manifests that add to them, generations. The blobs of before go. Done while no run is at
 * work; killed anywhere and repeated it comes to the same: what names a manifest by its hash is written before it, so that
 * until then all that is to be written can be told again. Resolves with how many blobs held a name.
 */
export async function eraseFromModels(userIds: readonly string[], ports: ModelPorts): Promise<number> {
  const { blobs, documents } = ports
  const held = new Set<string>()
  const renewed = new Map<string, Renewed>()
  for (const { path, bytes, manifest } of inOrder(await readModels(blobs))) {
    const without = await withoutNames(manifest, { userIds, held }, blobs)
    const now = withBase(without, renewed)
    if (now === manifest) continue
    const text = Buffer.from(JSON.stringify(now))
    renewed.set(path, { path, text, before: hashOf(bytes), now: hashOf(text) })
  }
  for (const manifest of renewed.values()) await renameInGenerations(manifest, documents)
  for (const { path, text } of [...renewed.values()].reverse()) await blobs.write(path, text)
  for (const path of await removeUnnamed(userIds, ports)) held.add(path)
  return held.size
}

/** A manifest that is to be written anew, with its hashes. */
interface Renewed {
  path: string
  text: Uint8Array
  before: string
  now: string
}

/** The manifest itself where what it adds to stays as it is, or was not what it names. */
function withBase(manifest: ModelManifest, renewed: ReadonlyMap<string, Renewed>): ModelManifest {
  const { base } = manifest
  const moved = base && renewed.get(base.path)
  return moved?.before === base?.sha256 && moved
    ? { ...manifest, base: { path: moved.path, sha256: moved.now } }
    : manifest
}

interface StoredModel {
  path: string
  bytes: Uint8Array
  manifest: ModelManifest
}

async function readModels(blobs: Pick<Ports['blobs'], 'list' | 'read'>): Promise<StoredModel[]> {
  const models: StoredModel[] = []
  for await (const { path } of blobs.list('models/')) {
    const [, runId = ''] = path.split('/')
    const bytes = path === manifestPath(runId) ? await blobs.read(path) : undefined
    if (bytes) models.push({ path, bytes, manifest: parseManifest(bytes) })
  }
  return models
}

/** Each model after the one it adds to. */
function inOrder(models: readonly StoredModel[]): StoredModel[] {
  const byPath = new Map(models.map(model => [model.path, model]))
  const done = new Set<StoredModel>()
  const take = (model: StoredModel | undefined): void => {
    if (!model || done.has(model)) return
    take(model.manifest.base && byPath.get(model.manifest.base.path))
    done.add(model)
  }
  for (const model of models) take(model)
  return [...done]
}

/** The manifest itself when it names none of the users. */
async function withoutNames(
  manifest: ModelManifest,
  { userIds, held }: { userIds: readonly string[]; held: Set<string> },
  blobs: Ports['blobs'],
): Promise<ModelManifest> {
  const replaced = async (blob: ContentBlob, without: Without): Promise<ContentBlob> => {
    const bytes = without(await readContent(blob, blobs), userIds)
    if (!bytes) return blob
    held.add(blob.path)
    return writeContent(bytes, { folder: modelBlobs, blobs })
  }
  const users = await replaced(manifest.names.users, namesWithout)
  const { userHistories } = manifest.indexes ?? {}
  const histories = userHistories && (await replaced(userHistories, historiesWithout))
  if (users === manifest.names.users && histories === userHistories) return manifest
  return {
    ...manifest,
    names: { ...manifest.names, users },
    ...(histories ? { indexes: { ...manifest.indexes, userHistories: histories } } : {}),
  }
}

/** Bytes without the users; undefined when they are not in them. */
type Without = (bytes: Uint8Array, userIds: readonly string[]) => Uint8Array | undefined

const namesWithout: Without = (bytes, userIds) => {
  const names = namesOf(decodeNameList(bytes))
  if (!names.some(name => userIds.includes(name))) return undefined
  return encodeNameList(nameListOf(names.map(name => (userIds.includes(name) ? erasedName : name))))
}

/** Histories know a user by 32 bits of the id: without them they are nobody's. */
const historiesWithout: Without = (bytes, userIds) => {
  const histories = decodeUserHistories(bytes)
  const keys = new Set(userIds.map(userId => nameHash(Buffer.from(userId))))
  if (!histories.keys.some(key => keys.has(key) && key !== noKey)) return undefined
  return encodeUserHistories({ ...histories, keys: histories.keys.map(key => (keys.has(key) ? noKey : key)) })
}

async function renameInGenerations({ path, before, now }: Renewed, documents: Ports['documents']): Promise<void> {
  const named = { manifest_path: path, manifest_sha256: before }
  for await (const page of documents.query(collections.generations, { equal: named })) {
    for (const generation of page)
      await documents.upsert(collections.generations, { ...generation, manifest_sha256: now })
  }
}

/** Removes blobs that no model names and that hold one of the users; resolves with their paths. */
async function removeUnnamed(userIds: readonly string[], { blobs }: Pick<ModelPorts, 'blobs'>): Promise<string[]> {
  const named = new Set((await readModels(blobs)).flatMap(({ manifest }) => blobsOf(manifest).map(({ path }) => path)))
  const removed: string[] = []
  for await (const { path } of blobs.list(`${modelBlobs}/`)) {
    const bytes = named.has(path) ? undefined : await blobs.read(path)
    if (!bytes || !(isOf(bytes, namesWithout, userIds) || isOf(bytes, historiesWithout, userIds))) continue
    await blobs.remove(path)
    removed.push(path)
  }
  return removed
}

function isOf(bytes: Uint8Array, without: Without, userIds: readonly string[]): boolean {
  try {
    return without(bytes, userIds) !== undefined
  } catch (cause) {
    // Blobs do not say by their name what they are: this one is of another kind.
    if (cause instanceof RangeError) return false
    throw cause
  }
}
