import { expect, test } from 'vitest'
import { straightTopN } from '../../tests/oracles/top-n.ts'
import { prepareFixed, rotateBack, solveRows } from '../algorithms/als-half-step.ts'
import { csrFromTriples } from '../algorithms/csr.ts'
import { gramian } from '../algorithms/gramian.ts'
import { Workspace } from '../algorithms/kernels/workspace.ts'
import { gaussian, seededRandom } from '../algorithms/random.ts'
import { ItemId } from '../schemas/ids.ts'
import { personalScores } from '../training/personal-scores.ts'
import { foldedList } from './folded-list.ts'
import { modelItems } from './model-items.ts'
import type { ServedModel } from './served-model.ts'

const parameters = { alpha: 4, regularization: 0.5, regularizationExponent: 0.5, meanEntries: 6 }

async function served(values: Float32Array, factors: number, of: Partial<ServedModel> = {}): Promise<ServedModel> {
  const items = Array.from({ length: values.length / factors }, (_, item) => `i${item}`)
  return {
    ...{
      version: 'v1',
      items,
      rowOf: new Map(items.map((itemId, row) => [itemId, row])),
      popularityShare: 0,
      itemLinearShare: 0,
    },
    ...{ factors: await modelItems({ factors, values, gramian: gramian(values, factors) }), parameters },
    strength: { weights: { rating: 0, purchase: 1, recency: 0, quantity: 0 }, recencyHalfLifeMs: 1 },
    ...of,
  }
}
/** Two tastes of three items each. */
const tastes = await served(Float32Array.of(1, 0, 0.9, 0, 0.8, 0, 0, 1, 0, 0.9, 0, 0.8), 2)
const listOf = (strengths: Record<string, number>, of: Partial<Parameters<typeof foldedList>[1]> = {}) =>
  foldedList(tastes, {
    ...{ strengths: new Map(Object.entries(strengths)), popularity: [], isWanted: () => true, n: 10, ...of },
  })

test('the list is the one that the refresh makes for the same feedback', async () => {
  const random = seededRandom(3)
  const [users, items, factors] = [20, 30, 6]
  const cells = Array.from({ length: 120 }, () => [Math.floor(random() * users), Math.floor(random() * items)])
  const userItems = csrFromTriples({
    ...{ rows: users, columns: items, rowOf: cells.map(([user]) => user!), columnOf: cells.map(([, item]) => item!) },
    valueOf: cells.map(() => random()),
  })
  const values = Float32Array.from({ length: items * factors }, () => gaussian(random))
  const model = await served(values, factors, { popularityShare: 0.3 })

  const workspace = new Workspace({ threads: 1 })
  const fixed = await prepareFixed(workspace, { factors, values, gramian: gramian(values, factors) })
  const solved = await solveRows(workspace, fixed, userItems, { ...parameters, conjugateGradientSteps: 20 })
  const userFactors = await rotateBack(workspace, fixed, solved)
  const popularity = Array.from({ length: items }, (_, item) => (item * 7) % 11)
  const score = personalScores({
    ...{ factors: { factors, users, items, userFactors, itemFactors: values }, popularity, popularityShare: 0.3 },
  })
  const exclude = csrFromTriples({ rows: users, columns: items, rowOf: [], columnOf: [], valueOf: [] })
  const factorsOf = { factors, users, items, userFactors, itemFactors: values }
  const refreshed = straightTopN({ factors: factorsOf, n: 5, exclude, score })

  for (let user = 0; user < users; user++) {
    const row = [userItems.indptr[user]!, userItems.indptr[user + 1]!] as const
    const columns = userItems.indices.slice(...row)
    const strengths = new Map(Array.from(columns, (item, at) => [`i${item}`, userItems.values[row[0] + at]!]))
    const list = foldedList(model, {
      ...{ strengths, isWanted: () => true, n: 5 },
      popularity: popularity.map((value, item) => [ItemId.parse(`i${item}`), value]),
    })
    const expected = Array.from(refreshed.items.slice(user * 5, user * 5 + refreshed.counts[user]!), item => `i${item}`)
    expect(list.map(([itemId]) => itemId)).toEqual(expected)
  }
})

test('one item is enough to know a taste by, and scores are relative to the best', () => {
  const list = listOf({ i0: 1 })
  expect(list.map(([itemId]) => itemId)).toEqual(['i0', 'i1', 'i2'])
  expect(list.map(([, score]) => score.toFixed(2))).toEqual(['1.00', '0.90', '0.80'])
})

test('an item that is not wanted makes room for the next', () => {
  const list = listOf({ i0: 1, i3: 0.1 }, { isWanted: itemId => itemId !== 'i0', n: 2 })
  expect(list.map(([itemId]) => itemId)).toEqual(['i1', 'i2'])
})

test('items that the model does not know say nothing', () => {
  expect(listOf({ unheardOf: 1 })).toEqual([])
  expect(listOf({})).toEqual([])
  expect(listOf({ i0: 1, unheardOf: 3 })).toEqual(listOf({ i0: 1 }))
})

test('of a small pool each item is scored: the list is that of the whole catalogue without the others', async () => {
  const random = seededRandom(5)
  const model = await served(
    Float32Array.from({ length: 400 * 5 }, () => gaussian(random)),
    5,
    { popularityShare: 0.3 },
  )
  const of = {
    strengths: new Map([
      ['i3', 1],
      ['i9', 0.5],
    ]),
    popularity: [0, 50, 120, 399].map((item): [ItemId, number] => [ItemId.parse(`i${item}`), 1 + item]),
    n: 20,
  }
  const pool = Array.from({ length: 60 }, (_, item) => `i${item * 6}`)
  const inPool = (itemId: string) => pool.includes(itemId) && itemId !== 'i120'
  const list = foldedList(model, { ...of, isWanted: inPool, pool: [...pool, 'i6', 'unheardOf'] })
  expect(list).toHaveLength(20)
  expect(list).toEqual(foldedList(model, { ...of, isWanted: inPool }))
  expect(list.map(([itemId]) => itemId)).not.toContain('i120')
})

test('few wanted items are found wherever they rank', async () => {
  const random = seededRandom(6)
  const model = await served(
    Float32Array.from({ length: 900 * 3 }, () => gaussian(random)),
    3,
  )
  const of = { strengths: new Map([['i1', 1]]), popularity: [], n: 900 }
  const all = foldedList(model, { ...of, isWanted: () => true }).map(([itemId]) => itemId)
  const last = new Set([all.at(-1), all.at(-40)])
  const found = foldedList(model, { ...of, n: 2, isWanted: itemId => last.has(itemId) })
  expect(found.map(([itemId]) => itemId)).toEqual([all.at(-40), all.at(-1)])
})
