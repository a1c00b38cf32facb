import { decodeModel, encodeModel } from '../../algorithms/model-bytes.ts'
import type { StageContext } from '../../runs/stage.ts'

type Run = Pick<StageContext, 'runId' | 'ports'>

/** A byte a user, 0 or 1, as bytes: shape (users), then the flags; see `encodeModel`. */
export function encodeUserFlags(flags: Uint8Array): Uint8Array {
  return encodeModel({ kind: 'user flags', shape: [flags.length], arrays: [flags] })
}

/** The flags that `encodeUserFlags` wrote, shape (users). @throws RangeError when the bytes are no flags */
export function decodeUserFlags(bytes: Uint8Array): Uint8Array {
  const reader = decodeModel(bytes, { kind: 'user flags', dimensions: 1 })
  const flags = reader.uint8(reader.shape[0] ?? 0)
  reader.end()
  return flags
}

const changedFile = 'increment/changed.bin'

/** Leaves for the stages after which users' lists an increment makes. */
export async function writeChanged({ runId, ports }: Run, changed: Uint8Array): Promise<void> {
  await ports.blobs.write(`runs/${runId}/${changedFile}`, encodeUserFlags(changed))
}

/** What `writeChanged` left, shape (users); undefined when lists of all users are to be made. */
export async function findChanged({ runId, ports }: Run): Promise<Uint8Array | undefined> {
  const bytes = await ports.blobs.read(`runs/${runId}/${changedFile}`)
  return bytes && decodeUserFlags(bytes)
}
