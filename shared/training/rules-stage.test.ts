import { expect, test } from 'vitest'
import { basketsOf } from '../../tests/baskets.ts'
import { itemsetsByName } from '../../tests/oracles/itemsets.ts'
import { memoryPorts } from '../adapters/memory/ports.ts'
import { encodeCsr } from '../algorithms/csr.ts'
import { encodeNameList, nameListOf } from '../algorithms/name-list.ts'
import { seededRandom } from '../algorithms/random.ts'
import type { StageContext } from '../runs/stage.ts'
import { itemsetsStage, readItemsets } from './itemsets-stage.ts'
import { listFiles, listLines, listSchemas } from './lists.ts'
import { rulesStage } from './rules-stage.ts'

const options = {
  rules: { minSupport: 0.05, minConfidence: 0.1, minLift: 1, maxLength: 3 },
  instance: { memoryMb: 2048, chunkSeconds: 60, threads: 1 },
}

/** A run whose matrix stage left these baskets of items i0, i1 … */
async function runWith(lists: readonly (readonly number[])[], items: number): Promise<StageContext> {
  const ports = memoryPorts()
  const names = Array.from({ length: items }, (_, item) => `i${item}`)
  await ports.blobs.write('runs/r/dataset/baskets.csr', encodeCsr(basketsOf(lists, items)))
  await ports.blobs.write('runs/r/dataset/items.names', encodeNameList(nameListOf(names)))
  const quiet = { progress: async () => undefined, note: () => undefined }
  return { runId: 'r', token: 1, createdAt: '2026-01-01T00:00:00.000Z', ports, ...quiet }
}

async function rulesOf(context: StageContext) {
  await rulesStage(options).run({}, context)
  const lines = await Promise.all((await listFiles(context, 'itemRules')).map(({ file }) => listLines(context, file)))
  const entries = lines.flat().map((line): [string, unknown] => JSON.parse(Buffer.from(line).toString()))
  return new Map(entries.map(([id, value]) => [id, listSchemas.itemRules.parse(value)]))
}

// Ink and pad lead to the pen surely, either alone in half of its baskets.
const lists = [[0, 1, 2], [0, 1, 2], [0, 1, 2], [1], [1], [1], [2], [2], [2], [3, 4], [3, 4], [3], [5]]

test('a rule is listed under every item of its left side, and items without rules are listed, too', async () => {
  const context = await runWith(lists, 6)
  const [chunk, ...more] = await itemsetsStage(options).plan(context)
  expect(more).toEqual([])
  expect(await itemsetsStage(options).run(chunk, context)).toEqual({ itemsets: 5, min_count: 2 })
  const rules = await rulesOf(context)
  const both = [['i1', 'i2'], 'i0', 0.230769, 1, 4.33333]
  expect(rules.get('i1')?.[0]).toEqual(both)
  expect(rules.get('i2')?.[0]).toEqual(both)
  expect(rules.get('i4')).toEqual([[['i4'], 'i3', 0.153846, 1, 4.33333]])
  expect(rules.get('i5')).toEqual([])
  expect([...rules.keys()]).toEqual(['i0', 'i1', 'i2', 'i3', 'i4', 'i5'])
})

test('what stands together once is chance, however low the support may be', async () => {
  const context = await runWith([[0, 1], [2], [3], [4]], 5)
  const low = { ...options, rules: { ...options.rules, minSupport: 0.01 } }
  expect(await itemsetsStage(low).plan(context)).toEqual([])
  expect(await readItemsets(context)).toBeUndefined()
  expect([...(await rulesOf(context)).values()].flat()).toEqual([])
})

test('chunks of items find together what one chunk finds, and again when one of them is run twice', async () => {
  const random = seededRandom(7)
  const many = Array.from({ length: 300 }, () => [
    ...new Set(Array.from({ length: 6 }, () => Math.floor(20 * random() ** 2))),
  ])
  const stage = itemsetsStage(options)
  const whole = await runWith(many, 20)
  for (const chunk of await stage.plan(whole)) await stage.run(chunk, whole)
  const parts = await runWith(many, 20)
  const items = (await readItemsets(whole))?.items.length ?? 0
  for (const [from, to] of [
    [9, items],
    [0, 4],
    [4, 9],
    [0, 4],
  ])
    await stage.run({ from, to }, parts)
  const [one, several] = [await readItemsets(whole), await readItemsets(parts)]
  expect(Object.keys(one ? itemsetsByName(one) : {}).length).toBeGreaterThan(100)
  expect(several && itemsetsByName(several)).toEqual(one && itemsetsByName(one))
  expect(await rulesOf(parts)).toEqual(await rulesOf(whole))
})
