import { z } from 'zod'
import { readJson, writeJson } from '../../runs/run-blobs.ts'
import type { StageContext } from '../../runs/stage.ts'
import { ErasedStore } from '../../schemas/erasure.ts'

/** A person in a store. */
interface Of {
  store: string
  erasure: string
}

/** What a step found of a person, or what was found again when all steps were done. */
export const Found = ErasedStore.pick({
  found: true,
  removed: true,
  note: true,
  left_until: true,
  interrupted: true,
}).extend({ at: z.iso.datetime() })
export type Found = z.infer<typeof Found>

const fileName = ({ store, erasure }: Of) => `found/${erasure}/${store}.json`
const beganPath = ({ store, erasure }: Of, runId: string) => `runs/${runId}/began/${erasure}/${store}`

/** Marks that a step begins with a person; true when it had begun before and was interrupted. */
export async function hasBegun(of: Of, { runId, ports }: StageContext): Promise<boolean> {
  return !(await ports.blobs.create(beganPath(of, runId), new Uint8Array()))
}

export async function writeFound(of: Of, found: Omit<Found, 'at'>, context: StageContext): Promise<void> {
  const at = new Date(context.ports.clock()).toISOString()
  await writeJson(context, fileName(of), { ...found, at })
}

export const readFound = (of: Of, context: StageContext): Promise<Found> => readJson(context, fileName(of), Found)
