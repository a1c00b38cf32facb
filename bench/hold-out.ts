import { type Csr, csrFromTriples } from '../shared/algorithms/csr.ts'
import { seededRandom } from '../shared/algorithms/random.ts'

/** Divides the entries at random: about `share` of them, but never a user's last one, are kept from training. */
export function holdOut(matrix: Csr, { share, seed }: { share: number; seed: number }): { train: Csr; test: Csr } {
  const random = seededRandom(seed)
  const isHeld = new Uint8Array(matrix.indices.length)
  for (let user = 0; user < matrix.rows; user++) {
    for (let entry = matrix.indptr[user]! + 1; entry < matrix.indptr[user + 1]!; entry++) {
      isHeld[entry] = random() < share ? 1 : 0
    }
  }
  return { train: entriesWith(matrix, isHeld, 0), test: entriesWith(matrix, isHeld, 1) }
}

function entriesWith({ rows, columns, indptr, indices, values }: Csr, marks: Uint8Array, mark: number): Csr {
  const length = marks.reduce((count, of) => count + (of === mark ? 1 : 0), 0)
  const rowOf = new Uint32Array(length)
  const columnOf = new Uint32Array(length)
  const strengths = new Float32Array(length)
  let taken = 0
  for (let row = 0; row < rows; row++) {
    for (let entry = indptr[row]!; entry < indptr[row + 1]!; entry++) {
      if (marks[entry] !== mark) continue
      rowOf[taken] = row
      columnOf[taken] = indices[entry]!
      strengths[taken] = values[entry]!
      taken += 1
    }
  }
  return csrFromTriples({ rows, columns, rowOf, columnOf, valueOf: strengths })
}
