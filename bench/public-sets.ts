import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { projectRoot } from '../local/project-root.ts'
import { type Csr, csrFromTriples } from '../shared/algorithms/csr.ts'

/** Sets that may not be published with the product lie beside it. */
const folder = join(projectRoot, '../shared/data')

/** The train part of Amazon-CDs, 43,169 x 35,648 with 604,475 entries of 1; where it is absent, that is told. */
export function amazonCds(step: (text: string) => void): Csr | undefined {
  const file = join(folder, 'cf-amazon-cds/train.txt.gz')
  if (!existsSync(file)) {
    step('Without Amazon-CDs: ../shared/data/cf-amazon-cds/train.txt.gz is absent')
    return undefined
  }
  const rowOf: number[] = []
  const columnOf: number[] = []
  for (const line of gunzipSync(readFileSync(file)).toString().trim().split('\n')) {
    const [user = 0, ...items] = line.trim().split(' ').map(Number)
    for (const item of items) {
      rowOf.push(user)
      columnOf.push(item)
    }
  }
  const sizeOf = (numbers: readonly number[]) => numbers.reduce((most, number) => Math.max(most, number), -1) + 1
  return csrFromTriples({
    ...{ rows: sizeOf(rowOf), columns: sizeOf(columnOf), rowOf, columnOf },
    valueOf: new Float32Array(rowOf.length).fill(1),
  })
}
