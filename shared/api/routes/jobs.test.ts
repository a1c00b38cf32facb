import { expect, test } from 'vitest'
import { apiRequest } from '../../../tests/api-request.ts'
import { deliver, stocktakingInRounds as jobs, runOf, startStocktaking } from '../../../tests/stocktaking.ts'
import { type MemoryPorts, memoryPorts } from '../../adapters/memory/ports.ts'
import { failRun } from '../../runs/end-run.ts'
import type { Endpoint } from '../endpoint.ts'
import type { ApiRequest } from '../request.ts'
import { jobStatus, triggerJob } from './jobs.ts'

const answerOf = async (endpoint: Endpoint, asked: ApiRequest) =>
  endpoint.output.parse((await endpoint.run(asked)).body)

/** A run that stands within the second round of adding up: three of its chunks were planned, two are complete. */
async function runInRounds(): Promise<{ ports: MemoryPorts; job: string; status: () => Promise<unknown> }> {
  const ports = memoryPorts()
  const { run } = await startStocktaking(ports, jobs)
  const job = run.run_id
  while ((await runOf(job, ports)).stages[2]?.round !== 1) await deliver(ports, { jobs })
  await deliver(ports, { jobs })
  const endpoint = jobStatus({ ports, jobs, dollarsPerMillionRequestUnits: 0.28 })
  return { ports, job, status: () => answerOf(endpoint, apiRequest({ query: { job } })) }
}

test('the status of a job counts the chunks of all rounds of the stage at work', async () => {
  const { status } = await runInRounds()
  expect(await status()).toMatchObject({
    stage: 'add-up',
    stages: [
      { name: 'count', chunks: 3, chunks_done: 3 },
      { name: 'returns' },
      { name: 'add-up', round: 1, chunks: 3, chunks_done: 2 },
      { name: 'tell', chunks_done: 0 },
    ],
  })
})

test('a failed job is restarted by name, and goes on in the round it had reached', async () => {
  const { ports, job, status } = await runInRounds()
  await failRun(job, 'the abacus broke', ports)
  expect(await status()).toMatchObject({ status: 'failed', error: 'the abacus broke' })
  const trigger = triggerJob({ ports, jobs })
  expect(await answerOf(trigger, apiRequest({ body: { restart: job } }))).toMatchObject({ job, started: true })
  expect(await status()).toMatchObject({ status: 'running', error: null, stage: 'add-up' })
  while (ports.sent.length > 0) await deliver(ports, { jobs })
  expect(await status()).toMatchObject({ status: 'completed', percent: 100 })
})
