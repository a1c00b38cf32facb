import { hash } from 'node:crypto'
import type { StageContext } from '../runs/stage.ts'
import type { DigestFile, Digests } from '../schemas/published.ts'
import { type ListName, listNames } from '../training/lists.ts'
import { Digest } from './digest.ts'
import { endPublishing, readPublishState } from './publish-state.ts'

type Context = Pick<StageContext, 'runId' | 'token' | 'createdAt' | 'ports'>

const digestsPrefix = 'models/digests/'
const partsPrefix = (runId: string, list: ListName) => `runs/${runId}/digests/${list}/`

/** Leaves the digest of a chunk with the run, by the chunk's first file. */
export async function writePartDigest(
  { list, file, digest }: { list: ListName; file: string; digest: Digest },
  { runId, ports }: Context,
): Promise<void> {
  const name = file.slice(file.lastIndexOf('/') + 1).replace('.ndjson', '.bin')
  await ports.blobs.write(`${partsPrefix(runId, list)}${name}`, digest.encode())
}

/** The digests that the chunks of a run have left. */
export async function* partDigests(list: ListName, { runId, ports }: Context): AsyncIterable<Digest> {
  for await (const { path } of ports.blobs.list(partsPrefix(runId, list))) {
    const bytes = await ports.blobs.read(path)
    if (!bytes) throw new Error(`Cannot read ${path}: it was there when the folder was listed`)
    yield Digest.decode(bytes)
  }
}

/** Gives a stored digest, or undefined when documents must be read instead. */
export type DigestReader = (file: DigestFile, context: Context) => Promise<Digest | undefined>

/** Reads digests and remembers the last one: the chunks of a list compare with the same. */
export function rememberedDigest(): DigestReader {
  let last: { sha256: string; digest: Digest } | undefined
  return async (file, context) => {
    if (last?.sha256 === file.sha256) return last.digest
    const digest = await readDigest(file, context)
    if (digest) last = { sha256: file.sha256, digest }
    return digest
  }
}

/** A stored digest; undefined when it is gone or not what was stored, so that documents must be read. */
async function readDigest({ path, sha256 }: DigestFile, { ports }: Context): Promise<Digest | undefined> {
  const bytes = await ports.blobs.read(path)
  if (bytes && hash('sha256', bytes) === sha256) return Digest.decode(bytes)
  ports.log.warn({ stage: 'publish', digest: path, error: bytes ? 'is not what was stored' : 'is gone' })
  return undefined
}

/**
 * Merges what the chunks of a run wrote into what was known before, keeps it as what documents hold now, and removes
 * digests of generations before.
 */
export async function keepDigests(context: Context): Promise<void> {
  const { token, createdAt, ports } = context
  const state = await readPublishState(ports.documents)
  if (state?.generation === token && state.digests) return
  const base = state?.base
  const lists: Digests['lists'] = {}
  for (const list of listNames) lists[list] = await mergedDigest(list, base?.lists[list], context)
  await endPublishing({ generation: token, verified_at: base?.verified_at ?? createdAt, lists }, ports.documents)
  const kept = Object.values(lists).map(({ path }) => path)
  for await (const { path } of ports.blobs.list(digestsPrefix)) if (!kept.includes(path)) await ports.blobs.remove(path)
}

async function mergedDigest(list: ListName, base: DigestFile | undefined, context: Context): Promise<DigestFile> {
  const { token, ports } = context
  const merged = (base && (await readDigest(base, context))) ?? new Digest()
  for await (const part of partDigests(list, context)) merged.add(part)
  const bytes = merged.encode()
  const path = `${digestsPrefix}${token}/${list}.bin`
  await ports.blobs.write(path, bytes)
  return { path, sha256: hash('sha256', bytes), values: merged.size }
}
