import { expect, test } from 'vitest'
import { als } from './als.ts'
import { gramianPartials, prepareFixed, rotateBack, solveRows, sumGramian } from './als-half-step.ts'
import { type AlsParameters, meanEntries } from './als-parameters.ts'
import { gramianBlockRows } from './als-side.ts'
import { type Csr, csrFromTriples, transpose } from './csr.ts'
import { gramian } from './gramian.ts'
import { Workspace } from './kernels/workspace.ts'
import { gaussian, seededRandom } from './random.ts'
import { startingFactors } from './starting-factors.ts'
import { takeRows } from './strided-rows.ts'

const parameters: AlsParameters = {
  ...{ factors: 6, iterations: 3, alpha: 5, conjugateGradientSteps: 3 },
  ...{ regularization: 0.3, regularizationExponent: 0.7 },
}
const { factors } = parameters

test('half-steps in chunks give the bytes of the fit as a whole', async () => {
  const userItems = tailedMatrix(700, 600)
  const whole = await als(userItems, { ...parameters, seed: 1 })
  const itemUsers = transpose(userItems)
  const workspace = new Workspace({ threads: 1 })
  let items: Float32Array = startingFactors({ factors, seed: 1, from: 0, to: 600 })
  let users: Float32Array = new Float32Array()
  for (let iteration = 1; iteration <= parameters.iterations; iteration++) {
    users = await halfStep(workspace, { ratings: userItems, fixed: items, cut: 256 })
    items = await halfStep(workspace, { ratings: itemUsers, fixed: users, cut: 512 })
  }
  const last = await prepared(workspace, users)
  items = await rotateBack(workspace, last, items)
  expect(users).toEqual(whole.userFactors)
  expect(items).toEqual(whole.itemFactors)
})

test('gramianPartials() of parts are those of the whole, and add up to XᵀX', async () => {
  const workspace = new Workspace({ threads: 1 })
  const totalRows = 1000
  const values = normal(totalRows * factors)
  const cut = gramianBlockRows(totalRows)
  const part = (from: number, to: number) =>
    gramianPartials(workspace, values.subarray(from * factors, to * factors), { factors, from, totalRows })
  const parts = [await part(0, cut), await part(cut, 3 * cut), await part(3 * cut, totalRows)]
  const whole = await part(0, totalRows)
  expect(parts.flatMap(numbers => [...numbers])).toEqual([...whole])
  const exact = gramian(values, factors)
  sumGramian(parts, factors).forEach((value, cell) => {
    expect(Math.abs(value - exact[cell]!)).toBeLessThan(1e-4 * totalRows)
  })
  await expect(part(10, totalRows)).rejects.toThrow(`multiples of ${cut} rows: current value is 10 to 1000`)
})

test('prepareFixed() turns the side so that its Gramian is the eigenvalues, and rotateBack() turns it back', async () => {
  const workspace = new Workspace({ threads: 1 })
  const values = normal(300 * factors)
  const fixed = await prepared(workspace, values)
  const turned = takeRows(fixed.values, factors)
  gramian(turned, factors).forEach((value, cell) => {
    const expected = cell % (factors + 1) === 0 ? fixed.eigenvalues[cell / (factors + 1)]! : 0
    expect(Math.abs(value - expected)).toBeLessThan(1e-3)
  })
  const back = await rotateBack(workspace, fixed, turned)
  back.forEach((value, place) => {
    expect(value).toBeCloseTo(values[place]!, 5)
  })
})

test('solveRows() refuses ratings of another side', async () => {
  const workspace = new Workspace({ threads: 1 })
  const fixed = await prepared(workspace, normal(30 * factors))
  const ratings = tailedMatrix(5, 31)
  await expect(solveRows(workspace, fixed, ratings, { ...parameters, meanEntries: 1 })).rejects.toThrow(
    'must have 30 columns: current value is 31',
  )
})

/** A half-step in two chunks. */
async function halfStep(
  workspace: Workspace,
  { ratings, fixed, cut }: { ratings: Csr; fixed: Float32Array; cut: number },
): Promise<Float32Array> {
  const side = await prepared(workspace, fixed)
  const solved = new Float32Array(ratings.rows * factors)
  const options = { ...parameters, meanEntries: meanEntries(ratings) }
  solved.set(await solveRows(workspace, side, rowsOf(ratings, 0, cut), options))
  solved.set(await solveRows(workspace, side, rowsOf(ratings, cut, ratings.rows), options), cut * factors)
  return solved
}

async function prepared(workspace: Workspace, values: Float32Array) {
  const totalRows = values.length / factors
  const partials = await gramianPartials(workspace, values, { factors, from: 0, totalRows })
  return prepareFixed(workspace, { factors, values, gramian: sumGramian([partials], factors) })
}

function rowsOf({ indptr, indices, values, columns }: Csr, from: number, to: number): Csr {
  const [first, last] = [indptr[from]!, indptr[to]!]
  return {
    rows: to - from,
    columns,
    indptr: indptr.slice(from, to + 1).map(entry => entry - first),
    indices: indices.slice(first, last),
    values: values.slice(first, last),
  }
}

/** Rows of very different lengths, some of them empty. */
function tailedMatrix(rows: number, columns: number): Csr {
  const random = seededRandom(7)
  const rowOf: number[] = []
  for (let row = 0; row < rows; row++) {
    const length = row % 9 === 0 ? 0 : Math.ceil(columns * random() ** 6)
    for (let entry = 0; entry < length; entry++) rowOf.push(row)
  }
  return csrFromTriples({
    rows,
    columns,
    rowOf,
    columnOf: rowOf.map(() => Math.floor(columns * random() ** 2)),
    valueOf: rowOf.map(() => 0.5 + random()),
  })
}

function normal(length: number): Float32Array {
  const random = seededRandom(length)
  return Float32Array.from({ length }, () => gaussian(random))
}
