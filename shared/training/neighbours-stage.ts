import { transpose } from '../algorithms/csr.ts'
import type { Workspace } from '../algorithms/kernels/workspace.ts'
import { coPurchaseNeighbours, cosineNeighbours, type Neighbours, prepareDirections } from '../algorithms/similarity.ts'
import type { PreparedItems } from '../algorithms/top-n-items.ts'
import { type Stage, type StageContext, stage } from '../runs/stage.ts'
import type { ItemId } from '../schemas/ids.ts'
import type { ItemNeighboursValue, ScoredItem } from '../schemas/published.ts'
import { readItemIds, readMatrix, readSummary } from './dataset-blobs.ts'
import { keptWorkspace } from './kept-workspace.ts'
import { writeList } from './lists.ts'
import { measuredRanges } from './measured-ranges.ts'
import { readFactorRows, readManifest } from './model.ts'
import type { TrainingOptions } from './options.ts'
import { Range, ranges } from './ranges.ts'
import { scanThreads } from './scan-threads.ts'
import { scored } from './scored.ts'

/** Items of a file, and of the first round, whose time tells how many a chunk can take. */
const itemsPerFile = 5_000
/** A pair bought together, or looked at in one session, only once is chance. */
const togetherMin = 2
const withDirections = keptWorkspace<PreparedItems>()

/** Item factors, baskets and sessions -> each item's neighbours by cosine of factors (M04), by co-purchase (M05), by views. */
export const neighboursStage = (options: Pick<TrainingOptions, 'neighboursSize' | 'instance'>): Stage =>
  stage<Range>({
    name: 'neighbours',
    weight: 10,
    parse: raw => Range.parse(raw),
    ...measuredRanges({
      ...{ first: itemsPerFile, step: itemsPerFile, chunkSeconds: options.instance.chunkSeconds },
      rows: async context => (await readSummary(context)).items,
    }),
    run: async ({ from, to }, context) => {
      const neighboursOf = await neighbourFinder(options, context)
      for (const part of ranges(to - from, itemsPerFile)) {
        const range = { from: from + part.from, to: from + part.to }
        await writeList(context, 'itemNeighbours', range.from, await neighboursOf(range))
        await context.progress(part.to / (to - from))
      }
      return { items: to - from }
    },
  })

/** Reads what all items share, and gives a function that finds the neighbours of some of them. */
async function neighbourFinder(
  { neighboursSize: k, instance }: Pick<TrainingOptions, 'neighboursSize' | 'instance'>,
  context: StageContext,
): Promise<(range: Range) => Promise<[string, ItemNeighboursValue][]>> {
  const { blobs } = context.ports
  const { factors, items, ...parts } = await readManifest(context.runId, blobs)
  const names = await readItemIds(context)
  const baskets = await readMatrix(context, 'baskets')
  const itemBaskets = transpose(baskets)
  const sessions = await readMatrix(context, 'sessions')
  const itemSessions = transpose(sessions)
  const directions = {
    key: JSON.stringify({ factors, parts: parts.itemFactors.map(({ sha256 }) => sha256) }),
    threads: scanThreads({ rows: items, items }, instance),
    prepare: async (workspace: Workspace) => {
      const itemFactors = await readFactorRows({ parts: parts.itemFactors, factors, from: 0, to: items }, blobs)
      return prepareDirections(workspace, { itemFactors, factors })
    },
  }
  return async range => {
    const als = await withDirections({
      ...directions,
      compute: (workspace, prepared) => cosineNeighbours(workspace, { items: prepared, k, ...range }),
    })
    const together = { k, minCount: togetherMin, ...range }
    const copurchase = coPurchaseNeighbours({ baskets, itemBaskets, ...together })
    const viewed = coPurchaseNeighbours({ baskets: sessions, itemBaskets: itemSessions, ...together })
    return names.slice(range.from, range.to).map((name, row) => {
      const of = (neighbours: Neighbours) => listed(neighbours, row, names)
      return [name, { als: of(als), copurchase: of(copurchase), viewed: of(viewed) }]
    })
  }
}

function listed({ k, counts, items: found, scores }: Neighbours, row: number, names: readonly ItemId[]): ScoredItem[] {
  return scored(row * k, counts[row] ?? 0, { found, scores, names })
}
