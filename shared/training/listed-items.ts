import type { StageContext } from '../runs/stage.ts'
import type { ItemId } from '../schemas/ids.ts'
import { readItemIds } from './dataset-blobs.ts'

type Run = Pick<StageContext, 'runId' | 'ports'>

const folder = (runId: string) => `runs/${runId}/listed-items/`

/** Leaves with the run which items are in a chunk's lists, a byte an item; `from` names the chunk. */
export async function writeListedItems({ runId, ports }: Run, from: number, flags: Uint8Array): Promise<void> {
  await ports.blobs.write(`${folder(runId)}${from.toString().padStart(9, '0')}.bin`, flags)
}

/** The items that are in any list the run has made. */
export async function listedItems(run: Run): Promise<ItemId[]> {
  const { runId, ports } = run
  const listed = new Set<number>()
  for await (const { path } of ports.blobs.list(folder(runId))) {
    for (const [item, flag] of ((await ports.blobs.read(path)) ?? []).entries()) if (flag) listed.add(item)
  }
  return (await readItemIds(run)).filter((_, item) => listed.has(item))
}
