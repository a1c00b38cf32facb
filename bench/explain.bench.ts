import { als, type Factors } from '../shared/algorithms/als.ts'
import { explainFactors } from '../shared/algorithms/explain-factors.ts'
import { foldIn } from '../shared/algorithms/fold-in.ts'
import { gramian } from '../shared/algorithms/gramian.ts'
import { gaussian, seededRandom } from '../shared/algorithms/random.ts'
import { topN } from '../shared/algorithms/top-n.ts'
import { ItemId } from '../shared/schemas/ids.ts'
import { foldedList } from '../shared/sources/folded-list.ts'
import { modelItems } from '../shared/sources/model-items.ts'
import { personalScores } from '../shared/training/personal-scores.ts'
import { removals } from './explanation-truth.ts'
import { sampleDataset, shopOptions } from './matrices.ts'
import { repeat } from './repeat.ts'
import { type Bench, type BenchResult, lone } from './report.ts'
import { shopMatrix } from './shop-matrix.ts'
import { fourDigits, spread } from './spread.ts'
import { threads } from './threads.ts'

const listed = 10
const planted = { users: 4000, items: 2000, perUser: 15, seed: 1 }

/**
 * Whether explanations are true: an item's past item of the largest contribution is taken out of the user's history, and the
 * item should rank lower by the vector that is left. And what they cost, beside the list they explain.
 */
export const explainBench: Bench = async step => {
  const sample = (await sampleDataset()).userItems
  return [
    await removals('sample shop', sample, { ...shopOptions.als, step }),
    await removals('planted tastes', shopMatrix(planted), { ...shopOptions.als, step }),
    ...(await requestTimes(step)),
  ]
}

const requests = { items: 100_000, factors: 64, pastItems: 50, n: 200, popular: 100 }

/** A list made on the spot as serving makes it, beside scoring every item; its explanation. */
async function requestTimes(step: (text: string) => void): Promise<BenchResult[]> {
  const { items, factors, pastItems, n } = requests
  step(`${items} items, ${factors} factors`)
  const model = await als(shopMatrix({ users: items, items, perUser: 12, seed: 1 }), {
    ...{ factors, iterations: 5, alpha: 10, regularization: 10, regularizationExponent: 0.5 },
    ...{ conjugateGradientSteps: 3, seed: 1, threads },
  })
  const values = model.itemFactors
  const served = await servedModel(model)
  const random = seededRandom(5)
  const strengths = () =>
    new Map(Array.from({ length: pastItems }, () => [`i${Math.floor(items * random() ** 2)}`, 0.2 + random()]))
  const popularity = Array.from({ length: requests.popular }, (_, item): [ItemId, number] => [
    ItemId.parse(`i${item * 97}`),
    1 + Math.abs(gaussian(random)),
  ])
  const isWanted = () => true
  const kernel = await repeat(() => foldedList(served, { strengths: strengths(), popularity, isWanted, n }), {
    runs: 200,
    warmUps: 50,
  })
  const scores = new Float32Array(items)
  const ofItems = new Float32Array(items)
  for (const [itemId, value] of popularity) ofItems[served.rowOf.get(itemId)!] = value
  const straight = await repeat(
    () => {
      const entries = entriesOf(strengths(), served.rowOf)
      const userFactors = foldIn(entries, served.factors.side, served.parameters)
      const user = { factors, users: 1, items, userFactors, itemFactors: values }
      personalScores({ factors: user, popularity: ofItems, popularityShare: served.popularityShare })(0, scores)
      return topN(scores, 2 * n)
    },
    { runs: 30, warmUps: 5 },
  )
  const explained = await repeat(
    () => {
      const explain = explainFactors(entriesOf(strengths(), served.rowOf), served.factors.side, served.parameters)
      return Array.from({ length: listed }, (_, item) => explain(item * 31))
    },
    { runs: 200, warmUps: 50 },
  )
  const peer = spread(straight.ms)
  const list = lone(`best ${n} of ${items} items x ${factors} factors by a vector of ${pastItems} past items`, {
    ...{ values: kernel.ms, unit: 'ms', quality: { listed: kernel.last.length, goal: 'well under 2 ms' } },
  })
  const ratio = { scoring_every_item: fourDigits(list.sidecart.median / peer.median) }
  return [
    { ...list, peers: { scoring_every_item: peer }, ratio },
    lone(`explanations of ${listed} items by ${pastItems} past items`, { values: explained.ms, unit: 'ms' }),
  ]
}

async function servedModel({ factors, items, itemFactors: values }: Factors) {
  const ids = Array.from({ length: items }, (_, item) => `i${item}`)
  return {
    items: ids,
    rowOf: new Map(ids.map((id, row) => [id, row])),
    factors: await modelItems({ factors, values, gramian: gramian(values, factors) }),
    parameters: { alpha: 10, regularization: 10, regularizationExponent: 0.5, meanEntries: 12 },
    popularityShare: 0.3,
  }
}

function entriesOf(strengths: ReadonlyMap<string, number>, rowOf: ReadonlyMap<string, number>) {
  return { columns: [...strengths.keys()].map(itemId => rowOf.get(itemId)!), strengths: [...strengths.values()] }
}
