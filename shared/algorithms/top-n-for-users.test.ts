import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { straightTopN } from '../../tests/oracles/top-n.ts'
import { type Csr, csrFromTriples } from './csr.ts'
import { Workspace } from './kernels/workspace.ts'
import { gaussian, type Random, seededRandom } from './random.ts'
import { topNForUser, topNForUsers } from './top-n.ts'
import { prepareItems } from './top-n-items.ts'

const workspace = new Workspace({ threads: 1 })
const twoThreads = new Workspace({ threads: 2 })

afterAll(() => twoThreads.close())

describe('topNForUsers()', () => {
  const small = {
    factors: { factors: 2, users: 3, items: 4, ...sides([1, 0, 0, 0, 0, 1], [1, 4, 2, 3, 3, 2, 4, 1]) },
    exclude: matrix(3, 4, [
      [0, 3],
      [2, 0],
      [2, 1],
      [2, 2],
    ]),
  }

  test('leaves out seen items, gives a zero user nothing and a user with everything seen what is left', async () => {
    const lists = await listsOf(small, 2)
    expect([...lists.counts]).toEqual([2, 0, 1])
    expect([...lists.items]).toEqual([2, 1, 0, 0, 3, 0])
    expect([...lists.scores]).toEqual([3, 2, 0, 0, 1, 0])
  })

  test.each(['gaussian', 'steep', 'clustered', 'tied', 'sparse', 'flat', 'huge'] as const)(
    'gives bit by bit what scoring everything gives: %s rows',
    async rows => {
      const sizes = fc.record({
        ...{ users: fc.integer({ min: 1, max: 70 }), items: fc.integer({ min: 1, max: 400 }) },
        ...{ factors: fc.integer({ min: 1, max: 21 }), n: fc.integer({ min: 0, max: 60 }), seed: fc.nat() },
        ...{ seen: fc.constantFrom(0, 0.1, 0.9, 1), positiveOnly: fc.boolean() },
      })
      await fc.assert(
        fc.asyncProperty(sizes, async ({ n, positiveOnly, ...shop }) => {
          const { factors, exclude } = randomShop(rows, shop)
          const expected = straightTopN({ factors, exclude, n, positiveOnly })
          expect(await listsOf({ factors, exclude }, n, { positiveOnly })).toEqual(expected)
        }),
        { numRuns: 60 },
      )
    },
  )

  test('scores of infinity are ties like any others', async () => {
    const factors = {
      factors: 1,
      users: 1,
      items: 40,
      ...sides(
        [3e38],
        Array.from({ length: 40 }, (_, i) => 10 + i),
      ),
    }
    const lists = await listsOf({ factors, exclude: matrix(1, 40, []) }, 3)
    expect([...lists.items]).toEqual([0, 1, 2])
    expect([...lists.scores]).toEqual([Infinity, Infinity, Infinity])
  })

  test('thousands of items with one score leave the lowest numbers', async () => {
    const factors = { factors: 4, users: 2, items: 5000, ...ones(2 * 4, 5000 * 4) }
    const lists = await listsOf({ factors, exclude: matrix(2, 5000, [[1, 0]]) }, 5)
    expect([...lists.items]).toEqual([0, 1, 2, 3, 4, 1, 2, 3, 4, 5])
  })

  test('gives ranges of users and any number of threads the lists of the whole', async () => {
    const shop = randomShop('steep', { users: 500, items: 900, factors: 16, seed: 1, seen: 0.02 })
    const whole = await listsOf(shop, 10)
    expect(await listsOf(shop, 10, { on: twoThreads })).toEqual(whole)
    const { factors, exclude } = shop
    const part = {
      factors: { ...factors, users: 133, userFactors: factors.userFactors.subarray(367 * 16) },
      exclude: { ...exclude, rows: 133, indptr: exclude.indptr.subarray(367) },
    }
    const lists = await listsOf(part, 10)
    expect(lists.items).toEqual(whole.items.slice(3670))
    expect(lists.scores).toEqual(whole.scores.slice(3670))
  })

  test('one user asked for alone, at once, gets the same list', () => {
    const { factors: model } = randomShop('steep', { users: 40, items: 700, factors: 13, seed: 2, seen: 0 })
    const exclude = matrix(40, 700, [])
    const before = workspace.bytes
    const items = prepareItems(workspace, model)
    const after = workspace.bytes
    for (const n of [0, 1, 50, 700, 1000]) {
      for (const positiveOnly of [false, true]) {
        const expected = straightTopN({ factors: model, exclude, n, positiveOnly })
        for (let user = 0; user < 40; user++) {
          const row = [user * n, user * n + expected.counts[user]!] as const
          const userFactors = model.userFactors.subarray(user * 13, user * 13 + 13)
          expect(topNForUser(workspace, { items, userFactors, n, positiveOnly })).toEqual({
            indices: expected.items.slice(...row),
            scores: expected.scores.slice(...row),
          })
        }
      }
    }
    expect(workspace.bytes).toBe(after)
    workspace.free(before)
  })

  test('one user alone is refused for the same reasons, and a zero one gets nothing', () => {
    const mark = workspace.mark()
    const items = prepareItems(workspace, { itemFactors: small.factors.itemFactors, factors: 2 })
    expect(topNForUser(workspace, { items, userFactors: new Float32Array(2), n: 3 }).indices.length).toBe(0)
    expect(() => topNForUser(workspace, { items, userFactors: Float32Array.of(1, Number.NaN), n: 3 })).toThrow('finite')
    expect(() => topNForUser(workspace, { items, userFactors: new Float32Array(3), n: 3 })).toThrow(
      'must have 2 factors',
    )
    expect(() => topNForUser(workspace, { items, userFactors: new Float32Array(2), n: -1 })).toThrow('n must be')
    workspace.free(mark)
  })

  test('gives back the memory it took', async () => {
    const before = workspace.bytes
    await listsOf(small, 2)
    expect(workspace.bytes).toBe(before)
  })

  test('refuses a broken n, an exclusion of another shape and factors that are not finite', async () => {
    await expect(listsOf(small, 1.5)).rejects.toThrow('n must be an integer ≥ 0: current value is 1.5')
    await expect(listsOf({ ...small, exclude: matrix(3, 5, []) }, 2)).rejects.toThrow('(3, 5)')
    const brokenUser = { ...small.factors, userFactors: Float32Array.of(1, 0, Number.NaN, 0, 0, 1) }
    await expect(listsOf({ ...small, factors: brokenUser }, 2)).rejects.toThrow('factors of user 1 must be finite')
    const brokenItem = { ...small.factors, itemFactors: Float32Array.of(1, 4, 2, Infinity, 3, 2, 4, 1) }
    await expect(listsOf({ ...small, factors: brokenItem }, 2)).rejects.toThrow('item 1 must be finite')
    expect(() => prepareItems(workspace, { itemFactors: new Float32Array(3), factors: 2 })).toThrow('divides 3')
  })
})

type Shop = Omit<Parameters<typeof straightTopN>[0], 'n'>

async function listsOf(
  { factors, exclude }: Shop,
  n: number,
  { positiveOnly = false, on = workspace }: { positiveOnly?: boolean; on?: Workspace } = {},
) {
  const mark = on.mark()
  try {
    const items = prepareItems(on, factors)
    return await topNForUsers(on, { items, userFactors: factors.userFactors, n, exclude, positiveOnly })
  } finally {
    on.free(mark)
  }
}

type Rows = 'gaussian' | 'steep' | 'clustered' | 'tied' | 'sparse' | 'flat' | 'huge'

function randomShop(
  rows: Rows,
  of: { users: number; items: number; factors: number; seed: number; seen: number },
): Shop {
  const random = seededRandom(of.seed)
  const draw = (count: number) => Float32Array.from(Array.from({ length: count }, () => row(rows, random, of)).flat())
  const cells: [number, number][] = []
  for (let user = 0; user < of.users; user++) {
    for (let item = 0; item < of.items; item++) if (random() < of.seen) cells.push([user, item])
  }
  const { users, items, factors } = of
  return {
    factors: { users, items, factors, userFactors: draw(users), itemFactors: draw(items) },
    exclude: matrix(users, items, cells),
  }
}

function row(rows: Rows, random: Random, { factors }: { factors: number }): number[] {
  const vector = Array.from({ length: factors }, () => gaussian(random))
  const length = Math.hypot(...vector)
  switch (rows) {
    case 'gaussian':
      return vector
    case 'steep':
      return vector.map(value => value * random() ** 8)
    case 'clustered': {
      const which = Math.floor(random() * 3)
      return vector.map((value, at) => Math.sin(which * 7 + at) + value * 1e-6)
    }
    case 'tied':
      return vector.map(value => Math.round(value))
    case 'sparse':
      return vector.map(value => (random() < 0.8 ? 0 : value))
    case 'flat':
      return vector.map(value => value / length)
    case 'huge': {
      const power = 10 ** Math.floor(random() * 70 - 38)
      return vector.map(value => value * power)
    }
  }
}

function sides(userFactors: number[], itemFactors: number[]) {
  return { userFactors: Float32Array.from(userFactors), itemFactors: Float32Array.from(itemFactors) }
}

function ones(users: number, items: number) {
  return { userFactors: new Float32Array(users).fill(1), itemFactors: new Float32Array(items).fill(1) }
}

function matrix(rows: number, columns: number, cells: readonly [number, number][]): Csr {
  const [rowOf, columnOf] = [cells.map(([cell]) => cell), cells.map(([, cell]) => cell)]
  return csrFromTriples({ rows, columns, rowOf, columnOf, valueOf: cells.map(() => 1) })
}
