import { expect, test } from 'vitest'
import { batchScores } from './batch-scores.ts'
import { dot } from './dot.ts'
import { Workspace } from './kernels/workspace.ts'
import { gaussian, seededRandom } from './random.ts'

const random = seededRandom(1)
const numbers = (length: number) => Float32Array.from({ length }, () => gaussian(random))

test.each([5, 16, 20])(
  'a batch of users gets the products of %i factors that each user would get alone',
  async factors => {
    const model = {
      factors,
      users: 40,
      items: 70,
      userFactors: numbers(40 * factors),
      itemFactors: numbers(70 * factors),
    }
    model.userFactors.fill(0, 3 * factors, 4 * factors)
    const workspace = new Workspace({ threads: 1 })
    const batch = batchScores(workspace, model)
    const scores = new Float32Array(70)
    for (const users of [[0, 3, 39, 7], [8]]) {
      await batch.prepare(users)
      for (const user of users) {
        expect(batch.scoreItems(user, scores)).toBe(user !== 3)
        if (user === 3) continue
        for (let item = 0; item < 70; item++) {
          const exact = dot(model.userFactors, user * factors, model.itemFactors, item * factors, factors)
          expect(scores[item]).toBeCloseTo(exact, 4)
        }
      }
    }
    expect(() => batch.scoreItems(0, scores)).toThrow('user 0 must be prepared')
    expect(batch.batchUsers).toBe(factors)
  },
)
