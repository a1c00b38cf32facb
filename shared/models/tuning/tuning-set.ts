import { type Csr, csrFromTriples } from '../../algorithms/csr.ts'
import type { StageContext } from '../../runs/stage.ts'
import { readMatrix, readMoments, readSummary } from '../../training/dataset-blobs.ts'
import type { TrainingSet } from '../recommender.ts'

/** Cells of the user-item matrix that a trial takes at most: it is to train within a minute. */
const cellsPerTrial = 2_000_000

/** What trials of a run learn from: its dataset, of a large shop one of every `step` users. */
export async function readTuningSet(
  context: Pick<StageContext, 'runId' | 'ports'>,
  { cellsMax = cellsPerTrial } = {},
): Promise<{ set: TrainingSet; step: number }> {
  const { until, cells } = await readSummary(context)
  const step = Math.max(1, Math.ceil(cells / cellsMax))
  const sales = await readMoments(context, 'sales')
  const train = everyNthRow(await readMatrix(context, 'user-items'), step)
  const kept = Array.from(sales.user.keys()).filter(sale => sales.user[sale]! % step === 0)
  const set: TrainingSet = {
    train,
    sales: {
      user: kept.map(sale => sales.user[sale]! / step),
      item: kept.map(sale => sales.item[sale]!),
      at: kept.map(sale => sales.at[sale]!),
    },
    // A shop without sales is split by chance.
    until: sales.item.length > 0 ? until : undefined,
  }
  return { set, step }
}

function everyNthRow(matrix: Csr, step: number): Csr {
  if (step === 1) return matrix
  const { rows, columns, indptr, indices, values } = matrix
  const kept = { rowOf: [] as number[], columnOf: [] as number[], valueOf: [] as number[] }
  for (let row = 0; row < rows; row += step) {
    for (let entry = indptr[row]!; entry < indptr[row + 1]!; entry++) {
      kept.rowOf.push(row / step)
      kept.columnOf.push(indices[entry]!)
      kept.valueOf.push(values[entry]!)
    }
  }
  return csrFromTriples({ rows: Math.ceil(rows / step), columns, ...kept })
}
