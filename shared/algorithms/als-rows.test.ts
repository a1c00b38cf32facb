import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { straightRows } from '../../tests/oracles/als-rows.ts'
import { gramianPartials, prepareFixed, solveRows, sumGramian } from './als-half-step.ts'
import { meanEntries, type RowParameters } from './als-parameters.ts'
import { layOutRatings, layOutTransposed } from './als-rows.ts'
import { type Csr, transpose } from './csr.ts'
import { Workspace } from './kernels/workspace.ts'
import { gaussian, type Random, seededRandom } from './random.ts'
import { takeRows } from './strided-rows.ts'

const workspace = new Workspace({ threads: 1 })
const plain = { regularization: 1, regularizationExponent: 0, alpha: 2, conjugateGradientSteps: 3 }

describe('the kernel of solveRows()', () => {
  test('agrees with its straight twin on any rows: empty, long, with columns twice and strengths of zero', async () => {
    const cases = fc.record({
      factors: fc.integer({ min: 1, max: 70 }),
      columns: fc.integer({ min: 1, max: 40 }),
      lengths: fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 12 }),
      steps: fc.integer({ min: 1, max: 4 }),
      exponent: fc.constantFrom(0, 0.5, 1),
      seed: fc.integer(),
    })
    await fc.assert(
      fc.asyncProperty(cases, async ({ factors, columns, lengths, steps, exponent, seed }) => {
        const random = seededRandom(seed)
        const ratings = rowsOf(lengths, columns, random)
        const parameters = { ...plain, regularizationExponent: exponent, conjugateGradientSteps: steps }
        await agrees({ ratings, factors, parameters, random })
      }),
    )
  })

  test('agrees with its straight twin on a row of a hundred thousand entries', async () => {
    const random = seededRandom(3)
    const ratings = rowsOf([100_003, 2], 5000, random)
    await agrees({ ratings, factors: 16, parameters: plain, random })
  })

  test('gives the same bytes on two threads as on one', async () => {
    const random = seededRandom(5)
    const ratings = rowsOf(
      Array.from({ length: 3000 }, (_, row) => row % 37),
      500,
      random,
    )
    const values = normal(500 * 24, random)
    const two = new Workspace({ threads: 2 })
    const solved: Float32Array[] = []
    for (const of of [workspace, two]) {
      const fixed = await prepared(of, values, 24)
      solved.push(await solveRows(of, fixed, ratings, { ...plain, meanEntries: meanEntries(ratings) }))
    }
    await two.close()
    expect(solved[1]).toEqual(solved[0])
  })
})

test('layOutTransposed() gives what layOutRatings() gives of the transposed matrix, with empty rows and without any', async () => {
  for (const lengths of [[], [0, 0], [3, 0, 17, 1, 0, 30]]) {
    const ratings = rowsOf(lengths, 23, seededRandom(7))
    const parameters = { ...plain, regularizationExponent: 0.5 }
    const mark = workspace.mark()
    const of = layOutRatings(workspace, ratings, { ...parameters, meanEntries: meanEntries(ratings) })
    const transposed = transpose(ratings)
    const mean = meanEntries(transposed)
    const expected = layOutRatings(workspace, transposed, { ...parameters, meanEntries: mean })
    expect(await layOutTransposed(workspace, { columns: 23, of }, parameters)).toEqual(expected)
    workspace.free(mark)
  }
})

/** The largest difference between kernel and twin is below 1e-4 of the largest number. */
async function agrees(of: {
  ratings: Csr
  factors: number
  parameters: Omit<RowParameters, 'meanEntries'>
  random: Random
}): Promise<void> {
  const { ratings, factors, random } = of
  const mark = workspace.mark()
  const parameters = { ...of.parameters, meanEntries: meanEntries(ratings) }
  const fixed = await prepared(workspace, normal(ratings.columns * factors, random), factors)
  const solved = await solveRows(workspace, fixed, ratings, parameters)
  const straight = straightRows({ ...fixed, values: takeRows(fixed.values, factors) }, ratings, parameters)
  const scale = Math.max(1e-30, ...straight.map(Math.abs))
  let worst = 0
  for (const [place, value] of straight.entries()) worst = Math.max(worst, Math.abs(value - solved[place]!) / scale)
  expect(worst).toBeLessThan(1e-4)
  workspace.free(mark)
}

async function prepared(into: Workspace, values: Float32Array, factors: number) {
  const totalRows = values.length / factors
  const partials = await gramianPartials(into, values, { factors, from: 0, totalRows })
  return prepareFixed(into, { factors, values, gramian: sumGramian([partials], factors) })
}

/** Rows of these lengths; columns may come twice, a tenth of the strengths are zero. */
function rowsOf(lengths: number[], columns: number, random: Random): Csr {
  const indptr = Uint32Array.from([0, ...lengths])
  for (let row = 0; row < lengths.length; row++) indptr[row + 1]! += indptr[row]!
  const length = indptr[lengths.length] ?? 0
  return {
    rows: lengths.length,
    columns,
    indptr,
    indices: Uint32Array.from({ length }, () => Math.floor(columns * random())),
    values: Float32Array.from({ length }, () => (random() < 0.1 ? 0 : 0.1 + 3 * random())),
  }
}

function normal(length: number, random: Random): Float32Array {
  return Float32Array.from({ length }, () => gaussian(random))
}
