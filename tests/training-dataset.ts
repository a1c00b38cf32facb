import { type Csr, csrFromTriples } from '../shared/algorithms/csr.ts'
import { nameListOf } from '../shared/algorithms/name-list.ts'
import { seededRandom } from '../shared/algorithms/random.ts'
import { type Stage, stage } from '../shared/runs/stage.ts'
import { writeDataset } from '../shared/training/dataset-blobs.ts'

/** Random strengths; low numbers are met more often, some rows and columns are empty. */
export function randomMatrix(shape: { rows: number; columns: number; entries: number; seed: number }): Csr {
  const { rows, columns, entries } = shape
  const random = seededRandom(shape.seed)
  const numbers = (below: number) => Array.from({ length: entries }, () => Math.floor(below * random() ** 2))
  const [rowOf, columnOf] = [numbers(rows), numbers(columns)]
  return csrFromTriples({ rows, columns, rowOf, columnOf, valueOf: rowOf.map(() => 0.5 + random()) })
}

/** A stage that leaves a matrix as the dataset of its run, with nothing bought: what comes before training. */
export const datasetStage = (userItems: Csr): Stage =>
  stage({
    name: 'dataset',
    weight: 1,
    parse: () => ({}),
    plan: async () => [{}],
    run: async (_, context) => {
      const { rows: users, columns: items } = userItems
      const none = { rowOf: [], columnOf: [], valueOf: [] }
      const named = (letter: string, count: number) => nameListOf(Array.from({ length: count }, (_, n) => letter + n))
      const dataset = {
        ...{ users: named('u', users), items: named('i', items), userItems },
        digests: new Uint32Array(2 * users),
        exclude: csrFromTriples({ rows: users, columns: items, ...none }),
        baskets: csrFromTriples({ rows: 0, columns: items, ...none }),
        purchases: { indptr: new Uint32Array(users + 1), entries: new Uint32Array() },
        sales: { user: new Uint32Array(), item: new Uint32Array(), at: new Uint32Array() },
        views: { user: new Uint32Array(), item: new Uint32Array(), at: new Uint32Array() },
        times: new Uint32Array(userItems.indices.length),
        ...{ until: 0, counts: { events: userItems.indices.length, duplicates: 0, unknown_items: 0 } },
      }
      await writeDataset(dataset, context)
      return { users, items }
    },
  })
