import { expect, test } from 'vitest'
import { deliver, runOf, startStocktaking, stocktakingJobs } from '../../tests/stocktaking.ts'
import { type MemoryPorts, memoryPorts } from '../adapters/memory/ports.ts'
import { failRun } from './end-run.ts'
import { writeChunk } from './ledger.ts'
import { runProgress } from './run-progress.ts'
import { startRun } from './start-run.ts'

const progressOf = async (runId: string, ports: MemoryPorts) =>
  runProgress(await runOf(runId, ports), stocktakingJobs, ports)

// Weights: count 3, returns 1, add-up 2, tell 2; together 8.
test('until a run was measured, stages count by their weights and chunks alike', async () => {
  const ports = memoryPorts()
  const { run } = await startStocktaking(ports)
  ports.advance(10_000)
  expect(await progressOf(run.run_id, ports)).toEqual({
    ...{ percent: 0, secondsElapsed: 10, secondsLeft: undefined, chunksDone: 0 },
  })
  await deliver(ports)
  await deliver(ports)
  // One of three shelves: 3 / 8 / 3 = 12.5 %, in 10 s; so 70 s are left.
  expect(await progressOf(run.run_id, ports)).toEqual({
    ...{ percent: 12, secondsElapsed: 10, secondsLeft: 70, chunksDone: 1 },
  })
  await deliver(ports)
  await deliver(ports)
  // The barrier is passed: 3 / 8.
  expect(await progressOf(run.run_id, ports)).toMatchObject({ percent: 37, chunksDone: 0 })
})

test('the share a chunk at work tells is counted', async () => {
  const ports = memoryPorts()
  const { run } = await startStocktaking(ports)
  await deliver(ports)
  await writeChunk({ run_id: run.run_id, stage: 'count', round: 0, chunk: 0 }, { attempts: 1, fraction: 0.8 }, ports)
  expect(await progressOf(run.run_id, ports)).toMatchObject({ percent: 10, chunksDone: 0 })
})

test('after a completed run, stages count by the time they took in it', async () => {
  const ports = memoryPorts()
  await startStocktaking(ports)
  await deliver(ports)
  // 90 s for counting, next to nothing for the rest.
  ports.advance(90_000)
  while (ports.sent.length > 0) await deliver(ports)
  const { run } = await startRun('refresh', { trigger: 'test', jobs: stocktakingJobs }, ports)
  for (let message = 0; message < 4; message++) await deliver(ports)
  expect((await runOf(run.run_id, ports)).stage).toBe(1)
  expect(await progressOf(run.run_id, ports)).toMatchObject({ percent: 99 })
})

test('a completed run is at 100 percent, with nothing left, and its time stands still', async () => {
  const ports = memoryPorts()
  const { run } = await startStocktaking(ports)
  ports.advance(4_000)
  while (ports.sent.length > 0) await deliver(ports)
  ports.advance(60_000)
  expect(await progressOf(run.run_id, ports)).toMatchObject({ percent: 100, secondsElapsed: 4, secondsLeft: 0 })
})

test('a failed run keeps its percentage and promises no end', async () => {
  const ports = memoryPorts()
  const { run } = await startStocktaking(ports)
  await deliver(ports)
  await deliver(ports)
  await failRun(run.run_id, 'closed', ports)
  expect(await progressOf(run.run_id, ports)).toMatchObject({ percent: 12, secondsLeft: undefined })
})
