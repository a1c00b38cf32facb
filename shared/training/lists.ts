import { z } from 'zod'
import { writeJson } from '../runs/run-blobs.ts'
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

type Run = Pick<StageContext, 'runId' | 'ports'>

/** Leaves a chunk of a list with the run, in a file named by the chunk's first row. */
export async function writeList<Name extends ListName>(
  run: Run,
  name: Name,
  from: number,
  values: readonly [string, z.infer<(typeof listSchemas)[Name]>][],
): Promise<void> {
  await writeJson(run, `lists/${name}/${from.toString().padStart(9, '0')}.json`, values)
}

/** The files of a list, in order. */
export async function listFiles({ runId, ports }: Run, name: ListName): Promise<string[]> {
  const files: string[] = []
  const prefix = `runs/${runId}/`
  for await (const { path } of ports.blobs.list(`${prefix}lists/${name}/`)) files.push(path.slice(prefix.length))
  return files
}
