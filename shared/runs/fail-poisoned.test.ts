import { expect, test } from 'vitest'
import { deliver, runOf, startStocktaking } from '../../tests/stocktaking.ts'
import { memoryPorts } from '../adapters/memory/ports.ts'
import { failPoisoned } from './fail-poisoned.ts'
import { writeChunk } from './ledger.ts'

const begun = async () => {
  const ports = memoryPorts()
  const { run } = await startStocktaking(ports)
  return { ports, runId: run.run_id, place: { run_id: run.run_id, stage: 'count', round: 0, chunk: 1 } }
}

test('a message the queue gave up on fails its run with the error kept for the chunk', async () => {
  const { ports, runId, place } = await begun()
  await writeChunk(place, { attempts: 5, fraction: 0, error: 'the ladder is gone' }, ports)
  await failPoisoned(place, ports)
  expect(await runOf(runId, ports)).toMatchObject({
    status: 'failed',
    error: 'Stage count, chunk 1 failed 5 times: the ladder is gone',
    completed_at: '2026-01-01T00:00:00.000Z',
  })
})

test('a poisoned chunk that never kept an error, and a poisoned plan, fail the run all the same', async () => {
  const chunk = await begun()
  await failPoisoned(chunk.place, chunk.ports)
  expect((await runOf(chunk.runId, chunk.ports)).error).toBe('Stage count, chunk 1 failed 0 times: no error was kept')
  const plan = await begun()
  await failPoisoned({ run_id: plan.runId, stage: 'count', round: 0, chunk: 'plan' }, plan.ports)
  expect((await runOf(plan.runId, plan.ports)).error).toMatch(/^Stage count could not be planned/)
})

test('a poisoned message of a run that has ended, or of none, changes nothing', async () => {
  const { ports, runId, place } = await begun()
  while (ports.sent.length > 0) await deliver(ports)
  const ended = await runOf(runId, ports)
  await failPoisoned(place, ports)
  await failPoisoned({ ...place, run_id: 'refresh-0000000000000000' }, ports)
  expect(await runOf(runId, ports)).toEqual(ended)
})
