import { expect, test } from 'vitest'
import {
  completedChunks,
  deliver,
  everyChunkInRounds,
  stocktakingInRounds as jobs,
  jobsOf,
  runOf,
  startStocktaking,
  told,
} from '../../tests/stocktaking.ts'
import { type MemoryPorts, memoryPorts } from '../adapters/memory/ports.ts'
import { failRun } from './end-run.ts'
import { findChunk, writeChunk } from './ledger.ts'
import { restartRun } from './restart-run.ts'
import { startRun } from './start-run.ts'

/** A run that failed in its second round of adding up, with a chunk that was begun five times. */
async function failedRun(): Promise<{ ports: MemoryPorts; runId: string }> {
  const ports = memoryPorts()
  const { run } = await startStocktaking(ports, jobs)
  while ((await runOf(run.run_id, ports)).stages[2]?.round !== 1) await deliver(ports, { jobs })
  await deliver(ports, { jobs })
  const chunk = { run_id: run.run_id, stage: 'add-up', round: 1, chunk: 0 }
  await writeChunk(chunk, { attempts: 5, fraction: 0, error: 'the abacus broke' }, ports)
  await failRun(run.run_id, 'the abacus broke', ports)
  ports.sent.length = 0
  return { ports, runId: run.run_id }
}

const workOff = async (ports: MemoryPorts) => {
  while (ports.sent.length > 0) await deliver(ports, { jobs })
}

test('a failed run goes on at the round it had reached, and nothing that was complete is done again', async () => {
  const { ports, runId } = await failedRun()
  const done = await completedChunks(runId, ports)
  const { run, started } = await restartRun(runId, ports)
  expect([started, run.status, run.error]).toEqual([true, 'running', undefined])
  expect(ports.sent.map(({ message }) => message)).toEqual([
    { run_id: runId, stage: 'add-up', round: 1, chunk: 'plan' },
  ])
  expect(await findChunk({ run_id: runId, stage: 'add-up', round: 1, chunk: 0 }, ports.documents)).toMatchObject({
    attempts: 0,
  })
  expect(await completedChunks(runId, ports)).toEqual(done)
  await workOff(ports)
  expect(await runOf(runId, ports)).toMatchObject({ status: 'completed' })
  expect(await completedChunks(runId, ports)).toEqual(everyChunkInRounds)
  expect(await told(ports)).toEqual([60, 60])
})

test('a restart holds the lease again: no other run of the kind begins meanwhile', async () => {
  const { ports, runId } = await failedRun()
  await restartRun(runId, ports)
  await expect(startRun('refresh', { trigger: 'test', jobs }, ports)).rejects.toMatchObject({ code: 'job_running' })
  expect(await restartRun(runId, ports)).toMatchObject({ started: false, run: { status: 'running' } })
  expect(ports.sent).toHaveLength(1)
})

test('a run that is complete, one that a later run followed, and one that never was are not restarted', async () => {
  const { ports, runId } = await failedRun()
  const { run: later } = await startRun('refresh', { trigger: 'test', jobs: jobsOf(jobs.refresh?.stages ?? []) }, ports)
  await expect(restartRun(runId, ports)).rejects.toMatchObject({
    ...{ code: 'not_restartable', message: `The job ${runId} cannot go on, as a later one began: ${later.run_id}` },
  })
  await workOff(ports)
  await expect(restartRun(later.run_id, ports)).rejects.toMatchObject({ code: 'not_restartable' })
  await expect(restartRun('refresh-0000000000000000', ports)).rejects.toMatchObject({ code: 'unknown_job' })
})
