import { als, type Factors } from '../shared/algorithms/als.ts'
import { Workspace } from '../shared/algorithms/kernels/workspace.ts'
import {
  coPurchaseNeighbours,
  cosineNeighbours,
  type Neighbours,
  prepareDirections,
} from '../shared/algorithms/similarity.ts'
import { type ItemLists, sharedItems } from './agreement.ts'
import { type AlsSet, alsSets, plainAls, sizeOf } from './als-sets.ts'
import type { Comparison } from './compared-fit.ts'
import { interleave, timed } from './interleave.ts'
import { type Implicit, openImplicit } from './peers/implicit.ts'
import { type Bench, type BenchResult, compared } from './report.ts'
import { fourDigits } from './spread.ts'
import { threads } from './threads.ts'

interface Contestants {
  parameters: Comparison['parameters']
  implicit: Implicit | undefined
  step: (text: string) => void
}

const factors = 64
const k = 20
const runs = 5

/** The 20 nearest of all items: by their factors beside implicit's `similar_items`, by co-purchase beside its cosine model. */
export const neighboursBench: Bench = async (step, options) => {
  const implicit = await openImplicit(step)
  const contestants = { implicit, step, parameters: plainAls(options) }
  try {
    const results: BenchResult[] = []
    for (const set of [alsSets.amazonCds(step), alsSets.gowallaSized()]) {
      if (set === undefined) continue
      results.push(await byFactors(set, contestants), await byCoPurchase(set, contestants))
    }
    return results
  } finally {
    await implicit?.close()
  }
}

async function byFactors({ name, train }: AlsSet, { implicit, step, parameters }: Contestants): Promise<BenchResult> {
  const title = `${name} ${train.columns} items, ${factors} factors, cosine neighbours, k = ${k}`
  step(title)
  const model = await als(train, { ...parameters, factors, seed: 1, threads })
  const { sidecart, peers } = await interleave<ItemLists>(
    {
      sidecart: async () => {
        const { result, ...took } = await timed(() => neighboursOfAll(model))
        return { ...took, result: listsOf(result) }
      },
    },
    implicit
      ? {
          implicit: async () => {
            const { ms, cpuMs, ...lists } = await implicit.similarItems({ model, k, threads })
            return { ms, cpuMs, result: { ...lists, countOf: () => lists.width } }
          },
        }
      : {},
    { runs, warmUps: 1, step },
  )
  const theirs = peers.implicit
  const shared = theirs && fourDigits(sharedItems(sidecart.last, theirs.last, model.items))
  const quality = { threads, ...(shared !== undefined && { items_shared_with_implicit: shared }) }
  return compared(title, { sidecart, peers, quality })
}

async function neighboursOfAll({ itemFactors, items: to }: Factors): Promise<Neighbours> {
  const workspace = new Workspace({ threads })
  try {
    const items = prepareDirections(workspace, { itemFactors, factors })
    return await cosineNeighbours(workspace, { items, k, from: 0, to })
  } finally {
    await workspace.close()
  }
}

async function byCoPurchase({ name, train }: AlsSet, { implicit, step }: Contestants): Promise<BenchResult> {
  const title = `${name} ${sizeOf(train)}, co-purchase neighbours, k = ${k}`
  step(title)
  await implicit?.load(name, train)
  const range = { k, from: 0, to: train.columns }
  const { sidecart, peers } = await interleave<number>(
    {
      sidecart: async () => {
        const { result, ...took } = await timed(() => coPurchaseNeighbours({ baskets: train, minCount: 1, ...range }))
        return { ...took, result: result.counts.reduce((sum, count) => sum + count, 0) }
      },
    },
    implicit
      ? {
          implicit: async () => {
            const { ms, cpuMs, neighbours } = await implicit.cosine(name, { k, threads })
            return { ms, cpuMs, result: neighbours }
          },
        }
      : {},
    { runs, warmUps: 1, step },
  )
  await implicit?.drop(name)
  const theirs = peers.implicit
  const quality = { threads, neighbours: sidecart.last, ...(theirs && { implicit_neighbours: theirs.last }) }
  return compared(title, { sidecart, peers, quality })
}

function listsOf({ k: width, items, counts }: Neighbours): ItemLists {
  return { width, items, countOf: item => counts[item]! }
}
