import { z } from 'zod'
import { decodeCsr, encodeCsr } from '../algorithms/csr.ts'
import { readBytes, readJson, writeJson } from '../runs/run-blobs.ts'
import type { StageContext } from '../runs/stage.ts'
import { ItemId } from '../schemas/ids.ts'
import type { Dataset } from './build-dataset.ts'

const Names = z.object({
  users: z.array(z.string()),
  items: z.array(ItemId),
  sales: z.object({ item: z.array(z.int()), at: z.array(z.int()) }),
  until: z.int(),
  counts: z.object({ events: z.int(), duplicates: z.int(), unknown_items: z.int() }),
})
const Purchases = z.array(z.array(z.tuple([z.int(), z.int(), z.int()])))

/** Keeps the dataset with the run: each part is a file of its own, so that a stage reads only what it needs. */
export async function writeDataset(dataset: Dataset, run: Pick<StageContext, 'runId' | 'ports'>): Promise<void> {
  const { users, items, sales, until, counts, userItems, exclude, baskets, purchases } = dataset
  const { blobs } = run.ports
  const path = (name: string) => `runs/${run.runId}/dataset/${name}`
  await Promise.all([
    writeJson(run, 'dataset/names.json', { users, items, sales, until, counts }),
    writeJson(run, 'dataset/purchases.json', purchases),
    blobs.write(path('user-items.csr'), encodeCsr(userItems)),
    blobs.write(path('exclude.csr'), encodeCsr(exclude)),
    blobs.write(path('baskets.csr'), encodeCsr(baskets)),
  ])
}

type Run = Pick<StageContext, 'runId' | 'ports'>
export const readNames = (run: Run) => readJson(run, 'dataset/names.json', Names)
export const readPurchases = (run: Run) => readJson(run, 'dataset/purchases.json', Purchases)
export const readMatrix = async (run: Run, name: 'user-items' | 'exclude' | 'baskets') =>
  decodeCsr(await readBytes(run, `dataset/${name}.csr`))
