import { expect, test } from 'vitest'
import { checkerboardShop, runJob } from '../../../tests/memory-shop.ts'
import { entriesOf } from '../evaluate.ts'
import { readTuningSet } from './tuning-set.ts'

async function tunedRun() {
  const ports = await checkerboardShop()
  await runJob('lake', ports)
  const { run_id: runId } = await runJob('refresh', ports)
  return { runId, ports }
}

test('a shop is tuned on all of its users, a large one on every so-many-th of them and on their sales', async () => {
  const run = await tunedRun()
  const whole = await readTuningSet(run)
  expect(whole.step).toBe(1)
  const { train, sales } = whole.set
  const half = await readTuningSet(run, { cellsMax: Math.ceil(train.indices.length / 2) })
  expect(half.step).toBe(2)
  expect(half.set.train.rows).toBe(Math.ceil(train.rows / 2))
  for (let user = 0; user < half.set.train.rows; user++) {
    expect([...entriesOf(half.set.train, user)]).toEqual([...entriesOf(train, 2 * user)])
  }
  const salesOf = (set: typeof sales, user: number) => Array.from(set.item).filter((_, sale) => set.user[sale] === user)
  expect(salesOf(half.set.sales, 1)).toEqual(salesOf(sales, 2))
  expect(half.set.until).toBe(whole.set.until)
})
