import { expect, test } from 'vitest'
import { apiRequest } from '../../../tests/api-request.ts'
import { deliver, stocktakingInRounds as jobs, runOf, startStocktaking } from '../../../tests/stocktaking.ts'
import { type MemoryPorts, memoryPorts } from '../../adapters/memory/ports.ts'
import { deploymentOf } from '../../operations/cost/deployments.ts'
import { failRun } from '../../runs/end-run.ts'
import { startRun } from '../../runs/start-run.ts'
import { JobList } from '../../schemas/answers.ts'
import { collections } from '../../schemas/collections.ts'
import type { Endpoint } from '../endpoint.ts'
import type { ApiRequest } from '../request.ts'
import { cancelJob, jobStatus, listJobs, triggerJob } from './jobs.ts'

const priced = {
  ...{ jobs, dollarsPerMillionRequestUnits: 0.28 },
  cost: () => ({ budgetDollars: 0, deployment: deploymentOf('starter') }),
}

const answerOf = async (endpoint: Endpoint, asked: ApiRequest) =>
  endpoint.output.parse((await endpoint.run(asked)).body)

/** A run that stands within the second round of adding up: three of its chunks were planned, two are complete. */
async function runInRounds(): Promise<{ ports: MemoryPorts; job: string; status: () => Promise<unknown> }> {
  const ports = memoryPorts()
  const { run } = await startStocktaking(ports, jobs)
  const job = run.run_id
  while ((await runOf(job, ports)).stages[2]?.round !== 1) await deliver(ports, { jobs })
  await deliver(ports, { jobs })
  const endpoint = jobStatus({ ports, ...priced })
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

test('a job is cancelled: nothing it had planned is done any more, and the next one may start', async () => {
  const { ports, job } = await runInRounds()
  const cancel = cancelJob({ ports, ...priced })
  expect(await answerOf(cancel, apiRequest({ path: { job } }))).toMatchObject({
    ...{ job, status: 'cancelled', error: 'Cancelled by Test', seconds_left: null, stage: null },
  })
  const done = (await runOf(job, ports)).stages
  while (ports.sent.length > 0) await deliver(ports, { jobs })
  expect(await runOf(job, ports)).toMatchObject({ status: 'cancelled', stages: done })
  // Again it is as it was, and another run of the kind takes the lease.
  expect(await answerOf(cancel, apiRequest({ path: { job } }))).toMatchObject({ status: 'cancelled' })
  expect((await startRun('refresh', { trigger: 'http', jobs }, ports)).started).toBe(true)
})

test('a cancelled job can go on where it stopped', async () => {
  const { ports, job, status } = await runInRounds()
  await answerOf(cancelJob({ ports, ...priced }), apiRequest({ path: { job } }))
  await answerOf(triggerJob({ ports, jobs }), apiRequest({ body: { restart: job } }))
  while (ports.sent.length > 0) await deliver(ports, { jobs })
  expect(await status()).toMatchObject({ status: 'completed', error: null })
})

test('jobs are listed page by page, the newest first, each once', async () => {
  const ports = memoryPorts()
  const ids: string[] = []
  for (let day = 0; day < 5; day++) {
    ports.advance(86_400_000)
    const { run } = await startRun('refresh', { trigger: 'http', jobs }, ports)
    await failRun(run.run_id, 'for this test', ports)
    ids.unshift(run.run_id)
  }
  const list = listJobs({ ports, ...priced })
  const pages: string[][] = []
  let query: Record<string, string> = { limit: '2' }
  for (;;) {
    const page = JobList.parse(await answerOf(list, apiRequest({ query })))
    pages.push(page.items.map(({ job }) => job))
    if (page.next_cursor === null) break
    query = { limit: '2', cursor: page.next_cursor }
  }
  expect(pages).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)])
})

test('a job’s dollars are those of its request units and of the memory and time of its instances', async () => {
  const { ports, job, status } = await runInRounds()
  const key = { id: 'run', partition: job }
  const stored = await ports.documents.read(collections.runs, key)
  const run = stored!.document
  const stages = run.stages.map(stage => ({ ...stage, metrics: { request_units: 250_000, duration_ms: 1_000_000 } }))
  await ports.documents.upsert(collections.runs, { ...run, stages })
  // Four stages: a million request units at 0.28, and 4,000 s of half a gigabyte at 0.000026.
  expect(await status()).toMatchObject({ request_units: 1_000_000, gb_seconds: 2_000, dollars: 0.332 })
})
