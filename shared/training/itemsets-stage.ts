import { frequentItemsets } from '../algorithms/fp-growth.ts'
import type { Itemsets } from '../algorithms/itemsets.ts'
import { decodeItemsets, encodeItemsets, joinItemsets } from '../algorithms/join-itemsets.ts'
import { minCountOf } from '../algorithms/min-count.ts'
import { frequentItems, rankedBaskets } from '../algorithms/ranked-baskets.ts'
import { readBytes } from '../runs/run-blobs.ts'
import { type Stage, type StageContext, stage } from '../runs/stage.ts'
import { readMatrix } from './dataset-blobs.ts'
import { measuredRanges } from './measured-ranges.ts'
import type { TrainingOptions } from './options.ts'
import { Range, ranges } from './ranges.ts'

/** Groups of items in the first round, whose time tells how many a chunk can take: all that most shops have. */
const groupsMeasured = 5_000
const groupsAtOnce = 500
/** Items bought together only once are chance. */
const togetherMin = 2
/** Sets held at most: a chunk has 24 MB of them. Where thresholds let more through, the least count is raised. */
const itemsetsMax = 1_000_000

type Options = Pick<TrainingOptions, 'rules' | 'instance'>

/** Baskets -> sets of items bought together (M02), in chunks of items: a set belongs to its least frequent item's. */
export const itemsetsStage = ({ rules, instance }: Options): Stage =>
  stage<Range>({
    name: 'itemsets',
    weight: 4,
    parse: raw => Range.parse(raw),
    ...measuredRanges({
      ...{ first: groupsMeasured, step: groupsAtOnce, chunkSeconds: instance.chunkSeconds },
      rows: async context => {
        const baskets = await readMatrix(context, 'baskets')
        return frequentItems(baskets, leastCount(rules.minSupport, baskets.rows)).items.length
      },
    }),
    run: async ({ from, to }, context) => {
      const baskets = await readMatrix(context, 'baskets')
      const minCount = leastCount(rules.minSupport, baskets.rows)
      const ranked = { ...rankedBaskets(baskets, minCount), rows: baskets.rows }
      const bounds = { maxLength: rules.maxLength, maxItemsets: itemsetsMax }
      let found: Itemsets | undefined
      for (const part of ranges(to - from, groupsAtOnce)) {
        const groups = { from: from + part.from, to: from + part.to }
        const more = frequentItemsets(ranked, { ...bounds, minCount: found?.minCount ?? minCount, groups })
        found = found === undefined ? more : joinItemsets([found, more], itemsetsMax)
        await context.progress(part.to / (to - from))
      }
      if (found === undefined) return { itemsets: 0 }
      await context.ports.blobs.write(partPath(context, from), encodeItemsets(found))
      return { itemsets: found.counts.length - found.items.length, min_count: found.minCount }
    },
  })

/** What all chunks found; undefined when no item is frequent. */
export async function readItemsets(context: Pick<StageContext, 'runId' | 'ports'>): Promise<Itemsets | undefined> {
  const folder = `runs/${context.runId}/`
  let found: Itemsets | undefined
  for await (const { path } of context.ports.blobs.list(`${folder}itemsets/`)) {
    const part = decodeItemsets(await readBytes(context, path.slice(folder.length)))
    found = found === undefined ? part : joinItemsets([found, part], itemsetsMax)
  }
  return found
}

function leastCount(minSupport: number, baskets: number): number {
  return Math.max(togetherMin, minCountOf(minSupport, baskets))
}

function partPath({ runId }: Pick<StageContext, 'runId'>, from: number): string {
  return `runs/${runId}/itemsets/${from.toString().padStart(9, '0')}.bin`
}
