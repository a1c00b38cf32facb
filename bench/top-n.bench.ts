import { als, type Factors } from '../shared/algorithms/als.ts'
import type { Csr } from '../shared/algorithms/csr.ts'
import { Workspace } from '../shared/algorithms/kernels/workspace.ts'
import { topNForUsers, type UserLists } from '../shared/algorithms/top-n.ts'
import { prepareItems } from '../shared/algorithms/top-n-items.ts'
import { agreementWithSorting, type ItemLists, sharedItems } from './agreement.ts'
import { type AlsSet, alsSets, plainAls, sizeOf } from './als-sets.ts'
import type { Comparison } from './compared-fit.ts'
import { interleave, timed } from './interleave.ts'
import { type Implicit, openImplicit } from './peers/implicit.ts'
import { type Bench, type BenchResult, compared } from './report.ts'
import { fourDigits } from './spread.ts'
import { threads } from './threads.ts'

interface Contestants {
  implicit: Implicit | undefined
  step: (text: string) => void
}

const factors = 64
const usersSorted = 50

/**
 * The lists of all users without what they have, from factors to lists, beside implicit's `recommend` of all users on the
 * same factors: as fitted, and with item vectors cut to one length, which leaves nothing to skip by norms.
 */
export const topNBench: Bench = async (step, options) => {
  const implicit = await openImplicit(step)
  const contestants = { implicit, step }
  try {
    const results: BenchResult[] = []
    for (const set of [alsSets.amazonCds(step), alsSets.gowallaSized()]) {
      if (set === undefined) continue
      const model = await fitted(set, plainAls(options), step)
      for (const n of [10, 100]) results.push(await comparedLists(set, { model, n, runs: 5 }, contestants))
      const flat = { ...model, itemFactors: unitRows(model) }
      results.push(
        await comparedLists({ ...set, name: `${set.name}, flat norms` }, { model: flat, n: 10, runs: 5 }, contestants),
      )
    }
    if (options.large) {
      const set = alsSets.large()
      results.push(
        await comparedLists(set, { model: await fitted(set, plainAls(options), step), n: 10, runs: 3 }, contestants),
      )
    }
    return results
  } finally {
    await implicit?.close()
  }
}

function fitted(
  { name, train }: AlsSet,
  parameters: Comparison['parameters'],
  step: (text: string) => void,
): Promise<Factors> {
  step(`Fitting ${name}`)
  return als(train, { ...parameters, factors, seed: 1, threads })
}

async function comparedLists(
  { name, train }: AlsSet,
  { model, n, runs }: { model: Factors; n: number; runs: number },
  { implicit, step }: Contestants,
): Promise<BenchResult> {
  const title = `${name} ${sizeOf(train)}, ${factors} factors, lists of ${n}`
  step(title)
  await implicit?.load(name, train)
  const { sidecart, peers } = await interleave<ItemLists>(
    {
      sidecart: async () => {
        const { result, ...took } = await timed(() => listsOfAll(model, train, n))
        return { ...took, result: { width: n, items: result.items, countOf: user => result.counts[user]! } }
      },
    },
    implicit
      ? {
          implicit: async () => {
            const { ms, cpuMs, ...lists } = await implicit.recommend(name, { model, n, threads })
            return { ms, cpuMs, result: { ...lists, countOf: () => lists.width } }
          },
        }
      : {},
    { runs, warmUps: 1, step },
  )
  await implicit?.drop(name)
  const theirs = peers.implicit
  const perSecond = (ms: readonly number[]) => Math.round((1000 * train.rows) / Math.min(...ms))
  const quality = {
    threads,
    best_users_per_second: perSecond(sidecart.ms),
    ...(theirs && { implicit_best_users_per_second: perSecond(theirs.ms) }),
    agreement_with_sorting: agreementWithSorting(sidecart.last, { model, exclude: train, rows: usersSorted }),
    ...(theirs && { items_shared_with_implicit: fourDigits(sharedItems(sidecart.last, theirs.last, train.rows)) }),
  }
  return compared(title, { sidecart, peers, quality })
}

async function listsOfAll({ userFactors, itemFactors }: Factors, exclude: Csr, n: number): Promise<UserLists> {
  const workspace = new Workspace({ threads })
  try {
    const items = prepareItems(workspace, { itemFactors, factors })
    return await topNForUsers(workspace, { items, userFactors, n, exclude })
  } finally {
    await workspace.close()
  }
}

function unitRows({ items, itemFactors }: Factors): Float32Array {
  const unit = itemFactors.slice()
  for (let item = 0; item < items; item++) {
    const row = unit.subarray(item * factors, (item + 1) * factors)
    const length = Math.hypot(...row)
    if (length > 0) for (let factor = 0; factor < factors; factor++) row[factor]! /= length
  }
  return unit
}
