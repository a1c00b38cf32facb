import fc from 'fast-check'
import { expect, test } from 'vitest'
import { straightPersonalLists } from '../../tests/oracles/personal-lists.ts'
import { type Csr, csrFromTriples } from '../algorithms/csr.ts'
import { Workspace } from '../algorithms/kernels/workspace.ts'
import { gaussian, seededRandom } from '../algorithms/random.ts'
import { personalLists, preparePersonalItems } from './personal-lists.ts'
import { personalScores } from './personal-scores.ts'

const workspace = new Workspace({ threads: 1 })

type Shop = Parameters<typeof straightPersonalLists>[0]

async function listsOf({ n, exclude, additions, ...shop }: Shop) {
  const mark = workspace.mark()
  try {
    const items = preparePersonalItems(workspace, { ...shop, ...shop.model })
    const { userFactors } = shop.model
    return await personalLists(workspace, { items, userFactors, n, exclude, ...(additions ? { additions } : {}) })
  } finally {
    workspace.free(mark)
  }
}

function randomShop(of: {
  users: number
  items: number
  factors: number
  n: number
  seed: number
  popularityShare: number
  added: number
}): Shop {
  const { users, items, factors, n, popularityShare } = of
  const random = seededRandom(of.seed)
  const draw = (rows: number) =>
    Float32Array.from(
      Array.from({ length: rows }, () => {
        const length = random() < 0.1 ? 0 : random() ** 3
        return Array.from({ length: factors }, () => length * gaussian(random))
      }).flat(),
    )
  const cells = (share: number) =>
    csrFromTriples({
      ...{ rows: users, columns: items },
      ...chosenCells(users * items, items, () => random() < share, random),
    })
  return {
    ...{ n, popularityShare, popularity: Array.from({ length: items }, () => Math.floor(20 * random() ** 4)) },
    model: { factors, users, items, userFactors: draw(users), itemFactors: draw(items) },
    ...{
      exclude: cells(0.1),
      itemLinearShare: of.added > 0 ? 0.4 : 0,
      additions: of.added > 0 ? cells(of.added) : undefined,
    },
  }
}

function chosenCells(count: number, items: number, isChosen: () => boolean, random: () => number) {
  const chosen = Array.from({ length: count }, (_, cell) => cell).filter(isChosen)
  return {
    rowOf: chosen.map(cell => Math.floor(cell / items)),
    columnOf: chosen.map(cell => cell % items),
    valueOf: chosen.map(() => random() - 0.2),
  }
}

test('lists are bit by bit those of scoring every item, with popularity and additions', async () => {
  const sizes = fc.record({
    ...{ users: fc.integer({ min: 1, max: 40 }), items: fc.integer({ min: 1, max: 200 }) },
    ...{ factors: fc.integer({ min: 1, max: 9 }), n: fc.integer({ min: 1, max: 30 }), seed: fc.nat() },
    ...{ popularityShare: fc.constantFrom(0, 0.3, 1), added: fc.constantFrom(0, 0.05, 0.5) },
  })
  await fc.assert(
    fc.asyncProperty(sizes, async of => {
      const shop = randomShop(of)
      expect(await listsOf(shop)).toEqual(straightPersonalLists(shop))
    }),
  )
})

test('scores are those of personalScores', async () => {
  const shop = randomShop({ users: 20, items: 50, factors: 8, n: 50, seed: 1, popularityShare: 0.3, added: 0 })
  const lists = await listsOf(shop)
  const score = personalScores({ factors: shop.model, popularity: shop.popularity, popularityShare: 0.3 })
  const scores = new Float32Array(50)
  for (let user = 0; user < 20; user++) {
    if (!score(user, scores)) expect(lists.counts[user]).toBe(0)
    for (let place = user * 50; place < user * 50 + lists.counts[user]!; place++) {
      expect(lists.scores[place]).toBeCloseTo(scores[lists.items[place]!]!, 5)
    }
  }
  expect(lists.counts.some(count => count > 0)).toBe(true)
})

test('additions alone are enough for a list, with what is popular behind them', async () => {
  const model = {
    factors: 1,
    users: 1,
    items: 3,
    userFactors: Float32Array.of(0),
    itemFactors: Float32Array.of(1, 2, 3),
  }
  const added = (rows: number[]): Csr =>
    csrFromTriples({ rows: 1, columns: 3, rowOf: rows.map(() => 0), columnOf: rows, valueOf: rows.map(() => 0.5) })
  const shop = { model, popularity: [0, 4, 2], popularityShare: 0.4, n: 3, exclude: added([]), itemLinearShare: 0.5 }
  expect([...(await listsOf({ ...shop, additions: added([0]) })).items]).toEqual([0, 1, 2])
  expect([...(await listsOf({ ...shop, additions: added([]) })).counts]).toEqual([0])
})

test('a share outside 0 to 1 and additions of another shape are refused', async () => {
  const shop = randomShop({ users: 2, items: 5, factors: 2, n: 2, seed: 1, popularityShare: 0.3, added: 0.5 })
  await expect(listsOf({ ...shop, popularityShare: 1.1 })).rejects.toThrow('popularityShare must be from 0 to 1')
  const wrong = csrFromTriples({ rows: 2, columns: 4, rowOf: [], columnOf: [], valueOf: [] })
  await expect(listsOf({ ...shop, additions: wrong })).rejects.toThrow('current shape is (2, 4)')
})
