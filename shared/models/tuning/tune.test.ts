import { expect, test } from 'vitest'
import { csrFromTriples } from '../../algorithms/csr.ts'
import { parseTrainingSettings } from '../../schemas/settings.ts'
import { trainingOptions } from '../../training/options.ts'
import { tune } from './tune.ts'

// Users of three tastes of ten items each have eight of the ten; what sells best is told by none of them.
const users = 60
const tasted = Array.from({ length: users * 8 }, (_, pair) => {
  const user = pair % users
  return { user, item: 10 * (user % 3) + ((user + Math.floor(pair / users)) % 10) }
})
const userOf = tasted.map(({ user }) => user)
const itemOf = tasted.map(({ item }) => item)
const train = csrFromTriples({
  rows: users,
  columns: 30,
  rowOf: userOf,
  columnOf: itemOf,
  valueOf: userOf.map(() => 1),
})
const set = { train, sales: { user: userOf, item: itemOf, at: userOf.map(() => 0) }, until: undefined }
const training = { ...trainingOptions(parseTrainingSettings({ ALS_FACTORS: '4' })), popularityShare: 1 }

test('a search ends with what finds more than the parameters in force, and the same again', async () => {
  const told: number[] = []
  const search = () => {
    return tune(set, { training, fixed: ['alsFactors'], nowMs: () => 0, onTrial: ({ seconds }) => told.push(seconds) })
  }
  const { best, trials } = await search()
  expect(trials[0]?.parameters).toMatchObject({ alsFactors: 4, popularityShare: 1 })
  expect(best.metrics['ndcg@20']).toBeGreaterThan(trials[0]!.metrics['ndcg@20'] + 0.1)
  expect(best.parameters.popularityShare).toBeLessThan(1)
  expect(told.length).toBe(trials.length)
  expect(await search()).toEqual({ best, trials })
})
