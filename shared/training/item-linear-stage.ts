import { type Csr, decodeCsr, encodeCsr, transpose } from '../algorithms/csr.ts'
import { itemLinearWeights } from '../algorithms/item-linear.ts'
import { stackRows } from '../algorithms/stack-rows.ts'
import { readBytes } from '../runs/run-blobs.ts'
import { type Stage, type StageContext, stage } from '../runs/stage.ts'
import { readMatrix, readSummary } from './dataset-blobs.ts'
import { measuredRanges } from './measured-ranges.ts'
import type { TrainingOptions } from './options.ts'
import { Range } from './ranges.ts'

/** Items of the first round, whose time tells how many a chunk can take. */
const itemsMeasured = 5_000

/** User-item matrix -> what each item is told by, where the item-item linear model has a share in taste. */
export const itemLinearStage = (options: Pick<TrainingOptions, 'itemLinear' | 'instance'>): Stage => {
  const { share, ...parameters } = options.itemLinear
  return stage<Range>({
    name: 'item-linear',
    weight: 5,
    parse: raw => Range.parse(raw),
    ...measuredRanges({
      ...{ first: itemsMeasured, step: itemsMeasured, chunkSeconds: options.instance.chunkSeconds },
      rows: async context => (share === 0 ? 0 : (await readSummary(context)).items),
    }),
    run: async (range, context) => {
      const userItems = await readMatrix(context, 'user-items')
      const itemUsers = await readMatrix(context, 'item-users')
      const weights = itemLinearWeights({ ...parameters, userItems, itemUsers, ...range })
      await context.ports.blobs.write(partPath(context, range.from), encodeCsr(weights))
      return { items: range.to - range.from, weights: weights.indices.length }
    },
  })
}

/** What having an item adds to each other item, shape (items, items); see `ItemLinearModel`. */
export async function readItemLinearWeights(context: Pick<StageContext, 'runId' | 'ports'>): Promise<Csr> {
  const { items } = await readSummary(context)
  const folder = `runs/${context.runId}/`
  const parts: Csr[] = []
  for await (const { path } of context.ports.blobs.list(`${folder}item-linear/`)) {
    parts.push(decodeCsr(await readBytes(context, path.slice(folder.length))))
  }
  const weights = stackRows(parts, items)
  if (weights.rows === items) return transpose(weights)
  throw new Error(`Cannot read the item-linear weights as there must be ${items} rows: there are ${weights.rows}`)
}

function partPath({ runId }: Pick<StageContext, 'runId'>, from: number): string {
  return `runs/${runId}/item-linear/${from.toString().padStart(9, '0')}.csr`
}
