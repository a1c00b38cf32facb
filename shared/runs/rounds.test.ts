import { expect, test } from 'vitest'
import {
  completedChunks,
  deliver,
  everyChunkInRounds,
  stocktakingInRounds as jobs,
  jobsOf,
  runOf,
  startStocktaking,
  stocktaking,
  told,
} from '../../tests/stocktaking.ts'
import { type MemoryPorts, memoryPorts } from '../adapters/memory/ports.ts'
import { runProgress } from './run-progress.ts'
import { RunFailure, type StageContext } from './stage.ts'
import { sweep } from './sweep.ts'
import { work } from './work.ts'

const silentAfterMs = 120_000
const addUp = 2

/** A run that stands at the beginning of a round of adding up; its queue holds the message that asks for the plan. */
async function runAtRound(round: number): Promise<{ ports: MemoryPorts; runId: string }> {
  const ports = memoryPorts()
  const { run } = await startStocktaking(ports, jobs)
  for (;;) {
    const { stage, stages } = await runOf(run.run_id, ports)
    if (stage === addUp && stages[addUp]?.round === round) return { ports, runId: run.run_id }
    await deliver(ports, { jobs })
  }
}

test('a stage of rounds is planned again after each barrier until its plan is empty', async () => {
  const ports = memoryPorts({ now: Date.UTC(2026, 0, 1) })
  const { run } = await startStocktaking(ports, jobs)
  while (ports.sent.length > 0) {
    await deliver(ports, { jobs })
    ports.advance(1_000)
  }
  expect(await told(ports)).toEqual([60, 60])
  expect(await completedChunks(run.run_id, ports)).toEqual(everyChunkInRounds)
  const { status, stages } = await runOf(run.run_id, ports)
  expect(status).toBe('completed')
  // Three chunks in two rounds, from the first plan to the last barrier; the third plan was empty.
  expect(stages[addUp]).toEqual({
    ...{ name: 'add-up', round: 2, chunks: 3, metrics: { added: 5, duration_ms: 0, request_units: 0 } },
    ...{ started_at: '2026-01-01T00:00:05.000Z', completed_at: '2026-01-01T00:00:10.000Z' },
  })
})

test('a round whose plan tells that all is done after it is the last: nothing is planned after it', async () => {
  const ports = memoryPorts()
  const asked: number[] = []
  const certain = jobsOf(
    stocktaking.map(each => ({
      ...each,
      plan: async (context: StageContext) => {
        const chunks = await each.plan(context)
        await context.progress(1)
        return chunks
      },
      planNext: async (_: unknown, { round }: { round: number }) => {
        asked.push(round)
        return []
      },
    })),
  )
  const { run } = await startStocktaking(ports, certain)
  while (ports.sent.length > 0) await deliver(ports, { jobs: certain })
  expect(await runOf(run.run_id, ports)).toMatchObject({ status: 'completed' })
  expect([asked, await told(ports)]).toEqual([[], [60, 60]])
})

test('late messages of an earlier round do nothing', async () => {
  const { ports, runId } = await runAtRound(1)
  const before = await runOf(runId, ports)
  const waiting = [...ports.sent]
  for (const chunk of ['plan', 0, 1, 7] as const) {
    await work({ run_id: runId, stage: 'add-up', round: 0, chunk }, { jobs, ports })
  }
  expect(await runOf(runId, ports)).toEqual(before)
  expect(ports.sent).toEqual(waiting)
})

test('a round that was reached but never planned is planned by the sweeper, and only that round', async () => {
  const { ports, runId } = await runAtRound(1)
  ports.sent.length = 0
  ports.advance(silentAfterMs)
  expect(await sweep({ silentAfterMs }, ports)).toMatchObject({ givenOutAgain: 1 })
  expect(ports.sent.map(({ message }) => message)).toEqual([
    { run_id: runId, stage: 'add-up', round: 1, chunk: 'plan' },
  ])
  while (ports.sent.length > 0) await deliver(ports, { jobs })
  expect(await completedChunks(runId, ports)).toEqual(everyChunkInRounds)
})

test('progress counts the share that the plan of a round tells, and the chunks of all rounds', async () => {
  const { ports, runId } = await runAtRound(0)
  const at = async () => runProgress(await runOf(runId, ports), jobs, ports)
  // Weights: count 3, returns 1, add-up 2, tell 2. Before adding up: 4 / 8.
  expect(await at()).toMatchObject({ percent: 50, chunksDone: 0 })
  await deliver(ports, { jobs })
  await deliver(ports, { jobs })
  // One of two chunks of a round that makes up 0.6 of the stage: 0.3 · 2 / 8 more.
  expect(await at()).toMatchObject({ percent: 57, chunksDone: 1 })
  await deliver(ports, { jobs })
  expect(await at()).toMatchObject({ percent: 65, chunksDone: 2 })
})

test('a plan that cannot succeed fails the run in its own words', async () => {
  const ports = memoryPorts()
  const refusing = jobsOf(
    stocktaking.map(each => ({
      ...each,
      plan: async () => {
        throw new RunFailure('The shop is closed')
      },
    })),
  )
  const { run } = await startStocktaking(ports, refusing)
  await deliver(ports, { jobs: refusing })
  expect(await runOf(run.run_id, ports)).toMatchObject({ status: 'failed', error: 'The shop is closed' })
})
