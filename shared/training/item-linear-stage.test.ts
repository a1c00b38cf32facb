import { expect, test } from 'vitest'
import { checkerboardShop, jobsWith, runJob, smallTraining } from '../../tests/memory-shop.ts'
import { topN } from '../algorithms/top-n.ts'
import { readItemIds, readMatrix, readNames, readPopularity } from './dataset-blobs.ts'
import { readItemLinearWeights } from './item-linear-stage.ts'
import { listFiles, listLines, listSchemas } from './lists.ts'
import { readFactorRows, readManifest } from './model.ts'
import { personalScores } from './personal-scores.ts'

test('lists of a refresh with an item-item linear model are those that personalScores ranks', async () => {
  const training = { ...smallTraining, itemLinear: { ...smallTraining.itemLinear, share: 0.4 } }
  const ports = await checkerboardShop()
  await runJob('lake', ports)
  const { run_id: runId, stages } = await runJob('refresh', ports, jobsWith(training))
  expect(stages.find(({ name }) => name === 'item-linear')?.metrics?.weights).toBeGreaterThan(0)

  const run = { runId, ports }
  const { factors, users, items, ...parts } = await readManifest(runId, ports.blobs)
  const factorsOf = (rows: number, of: typeof parts.userFactors) =>
    readFactorRows({ parts: of, factors, from: 0, to: rows }, ports.blobs)
  const [userFactors, itemFactors] = [
    await factorsOf(users, parts.userFactors),
    await factorsOf(items, parts.itemFactors),
  ]
  const userItems = await readMatrix(run, 'user-items')
  const weights = await readItemLinearWeights(run)
  const score = personalScores({
    factors: { factors, users, items, userFactors, itemFactors },
    ...{ popularity: await readPopularity(run), popularityShare: training.popularityShare },
    itemLinear: { weights, userItems, share: 0.4 },
  })
  const exclude = await readMatrix(run, 'exclude')
  const itemIds: readonly string[] = await readItemIds(run)
  const userIds = await readNames(run, 'users')
  const lists = new Map<string, string[]>()
  for (const { file } of await listFiles(run, 'userLists')) {
    for (const line of await listLines(run, file)) {
      const [id, value] = JSON.parse(Buffer.from(line).toString())
      lists.set(
        id,
        listSchemas.userLists.parse(value).items.map(([itemId]) => itemId),
      )
    }
  }
  const scores = new Float32Array(items)
  for (const [user, userId] of userIds.entries()) {
    expect(score(user, scores)).toBe(true)
    const excluded = new Set(exclude.indices.subarray(exclude.indptr[user], exclude.indptr[user + 1]))
    const best = topN(scores, items, item => excluded.has(item))
    const rounded = (list: readonly string[]) => list.map(id => (scores[itemIds.indexOf(id)] ?? 0).toFixed(5))
    const expected = Array.from(best.indices, item => itemIds[item] ?? '')
    expect(rounded(lists.get(userId) ?? [])).toEqual(rounded(expected))
  }
})
