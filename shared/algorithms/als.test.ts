import { describe, expect, test } from 'vitest'
import { als, decodeFactors, encodeFactors, type Factors } from './als.ts'
import { alsLoss } from './als-loss.ts'
import type { AlsParameters } from './als-parameters.ts'
import { type Csr, csrFromTriples, encodeCsr } from './csr.ts'
import { seededRandom } from './random.ts'

const parameters: AlsParameters = {
  factors: 8,
  iterations: 10,
  regularization: 0.1,
  regularizationExponent: 0,
  alpha: 20,
  conjugateGradientSteps: 3,
}

describe('als()', () => {
  test('puts every missing item of the checkerboard first', async () => {
    // Even users take even items, odd users odd ones; each user's own number is held out.
    const size = 50
    const userItems = matrix(size, size, (user, item) => (user % 2 === item % 2 && user !== item ? 1 : 0))
    const model = await als(userItems, { ...parameters, alpha: 1, seed: 1 })
    for (let user = 0; user < size; user++) {
      const unseen = Array.from({ length: size }, (_, item) => item).filter(item => !has(userItems, user, item))
      const best = unseen.toSorted((a, b) => score(model, user, b) - score(model, user, a))[0]
      expect(best).toBe(user)
    }
  })

  test('lowers the loss in every iteration', async () => {
    const userItems = randomMatrix(60, 40)
    const losses: number[] = []
    for (const iterations of [1, 2, 3, 4, 5, 6, 7, 8]) {
      losses.push(alsLoss(userItems, await als(userItems, { ...parameters, iterations, seed: 5 }), parameters))
    }
    losses.slice(1).forEach((loss, index) => {
      expect(loss).toBeLessThan(losses[index]!)
    })
  })

  test('agrees with a dense Cholesky solution when conjugate gradient runs to the end', async () => {
    const userItems = randomMatrix(30, 25)
    const model = await als(userItems, { ...parameters, conjugateGradientSteps: 40, seed: 2 })
    // Items are solved last, so each item vector is the exact solution for the final user vectors.
    for (let item = 0; item < model.items; item++) {
      const strengths = Array.from({ length: model.users }, (_, user) => cell(userItems, user, item))
      const exact = choleskyRow(model, strengths, parameters)
      exact.forEach((value, factor) => {
        expect(model.itemFactors[item * model.factors + factor]).toBeCloseTo(value, 3)
      })
    }
  })

  test('gives the same bytes for the same seed and other bytes for another', async () => {
    const userItems = randomMatrix(20, 15)
    const fitted = async (seed: number) => encodeFactors(await als(userItems, { ...parameters, seed }))
    expect(await fitted(3)).toEqual(await fitted(3))
    expect(await fitted(3)).not.toEqual(await fitted(4))
  })

  test('gives users and items without positive feedback zero rows, and nobody a NaN', async () => {
    const userItems = csrFromTriples({
      rows: 4,
      columns: 4,
      rowOf: [0, 0, 2, 3],
      columnOf: [0, 1, 1, 3],
      valueOf: [1, 2, 1, 0],
    })
    const model = await als(userItems, { ...parameters, seed: 1 })
    const row = (of: Float32Array, index: number) => of.subarray(index * 8, index * 8 + 8)
    for (const user of [1, 3]) expect(row(model.userFactors, user).every(value => value === 0)).toBe(true)
    for (const item of [2, 3]) expect(row(model.itemFactors, item).every(value => value === 0)).toBe(true)
    expect(row(model.userFactors, 0).some(value => value !== 0)).toBe(true)
    expect([...model.userFactors, ...model.itemFactors].every(Number.isFinite)).toBe(true)
    const nobody = matrix(0, 0, () => 0)
    expect((await als(nobody, { ...parameters, seed: 1 })).userFactors).toHaveLength(0)
  })

  test('tells each finished iteration', async () => {
    const told: number[] = []
    await als(randomMatrix(5, 5), {
      ...parameters,
      iterations: 3,
      seed: 1,
      onIteration: iteration => told.push(iteration),
    })
    expect(told).toEqual([1, 2, 3])
  })

  test.each([
    [{ factors: 0 }, 'factors must be an integer ≥ 1: current value is 0'],
    [{ iterations: 1.5 }, 'iterations must be an integer ≥ 1: current value is 1.5'],
    [{ regularization: -1 }, 'regularization must be a number ≥ 0: current value is -1'],
    [{ regularizationExponent: -1 }, 'regularizationExponent must be a number ≥ 0: current value is -1'],
    [{ alpha: Number.NaN }, 'alpha must be a number ≥ 0: current value is NaN'],
  ])('refuses %j', async (wrong, message) => {
    await expect(als(randomMatrix(3, 3), { ...parameters, ...wrong, seed: 1 })).rejects.toThrow(message)
  })

  test.each([-2, Number.NaN, Number.POSITIVE_INFINITY])('refuses the strength %d and says where it is', async wrong => {
    const values = Float32Array.of(1, 1, wrong, 1)
    const userItems = {
      rows: 3,
      columns: 5,
      indptr: Uint32Array.of(0, 1, 1, 4),
      indices: Uint32Array.of(4, 0, 3, 4),
      values,
    }
    await expect(als(userItems, { ...parameters, seed: 1 })).rejects.toThrow(
      `the strength of row 2, column 3 must be a number ≥ 0: current value is ${wrong}`,
    )
  })
})

test('alsLoss() equals the sum over all users and items', async () => {
  const userItems = randomMatrix(12, 9)
  const model = await als(userItems, { ...parameters, iterations: 2, seed: 1 })
  let expected = 0
  for (let user = 0; user < 12; user++) {
    for (let item = 0; item < 9; item++) {
      const strength = cell(userItems, user, item)
      expected += (1 + parameters.alpha * strength) * ((strength > 0 ? 1 : 0) - score(model, user, item)) ** 2
    }
  }
  for (const value of [...model.userFactors, ...model.itemFactors]) expected += parameters.regularization * value ** 2
  expect(alsLoss(userItems, model, parameters)).toBeCloseTo(expected, 6)
})

describe('encodeFactors() and decodeFactors()', () => {
  const fitted = als(randomMatrix(6, 5), { ...parameters, seed: 1 })

  test('give back the same scores', async () => {
    const model = await fitted
    const decoded = decodeFactors(encodeFactors(model))
    expect(decoded).toEqual(model)
    expect(score(decoded, 3, 2)).toBe(score(model, 3, 2))
  })

  test('refuse another kind of model and a cut file', async () => {
    expect(() => decodeFactors(encodeCsr(randomMatrix(3, 3)))).toThrow('kind must be 2: current value is 1')
    const bytes = encodeFactors(await fitted)
    expect(() => decodeFactors(bytes.subarray(0, 100))).toThrow('are left')
  })
})

function matrix(rows: number, columns: number, strength: (row: number, column: number) => number): Csr {
  const cells = Array.from({ length: rows * columns }, (_, index) => {
    const row = Math.floor(index / columns)
    return { row, column: index % columns, value: strength(row, index % columns) }
  }).filter(({ value }) => value !== 0)
  return csrFromTriples({
    rows,
    columns,
    rowOf: cells.map(({ row }) => row),
    columnOf: cells.map(({ column }) => column),
    valueOf: cells.map(({ value }) => value),
  })
}

function randomMatrix(rows: number, columns: number): Csr {
  const random = seededRandom(rows * 1000 + columns)
  return matrix(rows, columns, () => (random() < 0.2 ? Math.ceil(random() * 4) : 0))
}

function cell(csr: Csr, row: number, column: number): number {
  for (let entry = csr.indptr[row]!; entry < csr.indptr[row + 1]!; entry++) {
    if (csr.indices[entry] === column) return csr.values[entry]!
  }
  return 0
}

function has(csr: Csr, row: number, column: number): boolean {
  return cell(csr, row, column) > 0
}

function score({ factors, userFactors, itemFactors }: Factors, user: number, item: number): number {
  let sum = 0
  for (let factor = 0; factor < factors; factor++) {
    sum += userFactors[user * factors + factor]! * itemFactors[item * factors + factor]!
  }
  return sum
}

/** Solves (XᵀCX + λI) y = XᵀCp for one item by Cholesky decomposition. */
function choleskyRow(model: Factors, strengths: number[], { alpha, regularization }: AlsParameters): number[] {
  const { factors: f, userFactors } = model
  const a = Array.from({ length: f }, (_, i) => Array.from({ length: f }, (_, j) => (i === j ? regularization : 0)))
  const b = new Array<number>(f).fill(0)
  strengths.forEach((strength, user) => {
    const x = userFactors.subarray(user * f, (user + 1) * f)
    const confidence = 1 + alpha * strength
    for (let i = 0; i < f; i++) {
      if (strength > 0) b[i]! += confidence * x[i]!
      for (let j = 0; j < f; j++) a[i]![j]! += confidence * x[i]! * x[j]!
    }
  })
  for (let j = 0; j < f; j++) {
    for (let k = 0; k < j; k++) for (let i = j; i < f; i++) a[i]![j]! -= a[i]![k]! * a[j]![k]!
    const diagonal = Math.sqrt(a[j]![j]!)
    for (let i = j; i < f; i++) a[i]![j]! /= diagonal
  }
  for (let i = 0; i < f; i++) {
    for (let k = 0; k < i; k++) b[i]! -= a[i]![k]! * b[k]!
    b[i]! /= a[i]![i]!
  }
  for (let i = f - 1; i >= 0; i--) {
    for (let k = i + 1; k < f; k++) b[i]! -= a[k]![i]! * b[k]!
    b[i]! /= a[i]![i]!
  }
  return b
}
