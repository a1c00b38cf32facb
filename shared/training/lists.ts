import { z } from 'zod'
import { readBytes } from '../runs/run-blobs.ts'
import type { StageContext } from '../runs/stage.ts'
import { ItemNeighboursValue, PopularityValue, RuleTail, UserListsValue } from '../schemas/published.ts'

/** What a run makes for publishing: per collection, values by document id. */
export const listSchemas = {
  userLists: UserListsValue,
  itemNeighbours: ItemNeighboursValue,
  itemRules: z.array(RuleTail),
  popularity: PopularityValue,
} as const
export type ListName = keyof typeof listSchemas
export const listNames = ['itemNeighbours', 'itemRules', 'popularity', 'userLists'] as const satisfies ListName[]

/** A part of a list, as it lies with the run. */
export interface ListFile {
  file: string
  bytes: number
}

type Run = Pick<StageContext, 'runId' | 'ports'>

/**
 * Leaves a part of a list with the run, in a file named by its first row: a line of JSON `[id, value]` for each value. A
 * file is read as a whole when it is published, so that a list of many rows is left in several.
 */
export async function writeList<Name extends ListName>(
  { runId, ports }: Run,
  name: Name,
  from: number,
  values: readonly [string, z.infer<(typeof listSchemas)[Name]>][],
): Promise<void> {
  const lines = values.map(value => `${JSON.stringify(value)}\n`)
  const path = `runs/${runId}/lists/${name}/${from.toString().padStart(9, '0')}.ndjson`
  await ports.blobs.write(path, Buffer.from(lines.join('')))
}

/** The files of a list, in order of their rows. */
export async function listFiles({ runId, ports }: Run, name: ListName): Promise<ListFile[]> {
  const files: ListFile[] = []
  const prefix = `runs/${runId}/`
  for await (const { path, bytes } of ports.blobs.list(`${prefix}lists/${name}/`))
    files.push({ file: path.slice(prefix.length), bytes })
  return files
}

/** The lines of a list's file, as bytes of JSON. @throws Error when the file is not there */
export async function listLines(run: Run, file: string): Promise<Uint8Array[]> {
  const bytes = await readBytes(run, file)
  const lines: Uint8Array[] = []
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(newline, start)
    lines.push(bytes.subarray(start, end))
    start = end + 1
  }
  return lines
}

const newline = 0x0a
