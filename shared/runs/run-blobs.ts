import type { z } from 'zod'
import type { StageContext } from './stage.ts'

type Run = Pick<StageContext, 'runId' | 'ports'>

/** Bytes that an earlier stage of the run left. @throws Error when they are not there */
export async function readBytes({ runId, ports }: Run, name: string): Promise<Uint8Array> {
  const bytes = await ports.blobs.read(`runs/${runId}/${name}`)
  if (!bytes) throw new Error(`Cannot read runs/${runId}/${name}: the stage before did not write it`)
  return bytes
}

/** A part of what an earlier stage of the run left. @throws Error when it is not there; RangeError when it is too short */
export async function readRange(
  { runId, ports }: Run,
  name: string,
  { offset, length }: { offset: number; length: number },
): Promise<Uint8Array> {
  const bytes = await ports.blobs.readRange(`runs/${runId}/${name}`, offset, length)
  if (!bytes) throw new Error(`Cannot read runs/${runId}/${name}: the stage before did not write it`)
  return bytes
}

/** JSON that an earlier stage of the run left, checked. */
export async function readJson<Schema extends z.ZodType>(
  run: Run,
  name: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  return schema.parse(JSON.parse(new TextDecoder().decode(await readBytes(run, name))))
}

/** Leaves JSON for a later stage of the run. */
export async function writeJson({ runId, ports }: Run, name: string, value: unknown): Promise<void> {
  await ports.blobs.write(`runs/${runId}/${name}`, Buffer.from(JSON.stringify(value)))
}
