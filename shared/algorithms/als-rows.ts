import { meanEntries, type RowParameters, rowRegularization } from './als-parameters.ts'
import type { Csr } from './csr.ts'
import type { Workspace } from './kernels/workspace.ts'
import { strideOf } from './strided-rows.ts'

/** Rows of ratings as the kernel reads them, in the workspace. */
export interface RowsLaidOut {
  rows: number
  indptr: Uint32Array<SharedArrayBuffer>
  columns: Uint32Array<SharedArrayBuffer>
  /** w = c - 1 of each entry */
  weights: Float32Array<SharedArrayBuffer>
  /** λ of each row */
  lambdas: Float32Array<SharedArrayBuffer>
  /** The first row of each block, and the end. */
  starts: Uint32Array<SharedArrayBuffer>
}

/** A side in the coordinates in which its Gramian is diagonal. */
export interface Diagonalised {
  factors: number
  /** shape (columns, stride), in the workspace */
  values: Float32Array<SharedArrayBuffer>
  /** shape (factors), descending */
  eigenvalues: Float64Array
}

/** What a row costs besides its entries, in entries. */
const rowCost = 4
const blocksMax = 256

/** Copies rows of ratings into the workspace, with their weights and λ, in blocks of about equal work. */
export function layOutRatings(workspace: Workspace, ratings: Csr, parameters: RowParameters): RowsLaidOut {
  const { rows, columns, indptr, indices, values } = ratings
  const laidOut = roomFor(workspace, rows, indices.length)
  laidOut.indptr.set(indptr)
  laidOut.columns.set(indices)
  for (let entry = 0; entry < values.length; entry++) laidOut.weights[entry] = parameters.alpha * values[entry]!
  prepareRows(laidOut, columns, parameters)
  return laidOut
}

/**
 * What `layOutRatings` makes of a whole matrix transposed, from what it made of the matrix.
 * @param columns those of the matrix
 */
export async function layOutTransposed(
  workspace: Workspace,
  { columns, of }: { columns: number; of: RowsLaidOut },
  parameters: Omit<RowParameters, 'meanEntries'>,
): Promise<RowsLaidOut> {
  const entries = of.columns.length
  const laidOut = roomFor(workspace, columns, entries)
  const addresses = [of, laidOut].flatMap(({ indptr, columns, weights }) => [indptr, columns, weights])
  await workspace.run('transposeBlock', {
    blocks: 1,
    parameters: [of.rows, columns, ...addresses.map(array => array.byteOffset)],
    scratchBytes: 4 * (2 * entries + columns),
  })
  const mean = meanEntries({ rows: columns, indices: of.columns })
  prepareRows(laidOut, of.rows, { ...parameters, meanEntries: mean })
  return laidOut
}

function roomFor(workspace: Workspace, rows: number, entries: number): RowsLaidOut {
  return {
    rows,
    indptr: workspace.uint32(rows + 1),
    columns: workspace.uint32(entries),
    weights: workspace.float32(entries),
    lambdas: workspace.float32(rows),
    starts: workspace.uint32(Math.min(blocksMax, rows) + 1),
  }
}

function prepareRows(laidOut: RowsLaidOut, columns: number, parameters: RowParameters): void {
  const { rows, indptr, lambdas } = laidOut
  for (let row = 0; row < rows; row++) {
    const entries = indptr[row + 1]! - indptr[row]!
    lambdas[row] = rowRegularization(parameters, { entries, columns })
  }
  cutEvenly(laidOut)
}

/**
 * Solves the rows, see `solveRows`.
 * @param into shape (rows, stride), in the workspace; overwritten
 */
export async function solveLaidOut(
  workspace: Workspace,
  { factors, values, eigenvalues }: Diagonalised,
  { laidOut, steps, into }: { laidOut: RowsLaidOut; steps: number; into: Float32Array<SharedArrayBuffer> },
): Promise<void> {
  const stride = strideOf(factors)
  const mark = workspace.mark()
  const diagonal = workspace.float32(stride)
  // What rounding makes of an eigenvalue 0 may be negative.
  diagonal.set(eigenvalues.map(value => Math.max(value, 0)))
  const { indptr, columns, weights, lambdas, starts } = laidOut
  const addresses = [starts, indptr, columns, weights, lambdas, diagonal, values, into].map(array => array.byteOffset)
  await workspace.run('solveRowsBlock', {
    blocks: starts.length - 1,
    parameters: [stride, steps, ...addresses],
    scratchBytes: 8 * 4 * stride,
  })
  workspace.free(mark)
}

function cutEvenly({ rows, indptr, starts }: RowsLaidOut): void {
  const blocks = starts.length - 1
  const work = indptr[rows]! + rowCost * rows
  let row = 0
  for (let block = 1; block <= blocks; block++) {
    const target = (work * block) / blocks
    while (row < rows && indptr[row]! + rowCost * row < target) row += 1
    starts[block] = row
  }
}
