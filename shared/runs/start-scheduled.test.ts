import { expect, test } from 'vitest'
import { deliver, stocktakingJobs } from '../../tests/stocktaking.ts'
import { memoryPorts } from '../adapters/memory/ports.ts'
import type { Ports } from '../ports.ts'
import { collections } from '../schemas/collections.ts'
import type { Run } from '../schemas/run.ts'
import { startScheduled } from './start-scheduled.ts'

async function runsOf({ documents }: Ports): Promise<Run[]> {
  const runs: Run[] = []
  for await (const page of documents.query(collections.runs, { equal: { type: 'run' } })) runs.push(...page)
  return runs
}
const jobs = stocktakingJobs

test('a timer that fires twice for one due time starts the job once, also after that run has ended', async () => {
  const ports = memoryPorts()
  await startScheduled('refresh', { last: '2026-01-01T00:00:00Z' }, { jobs, ports })
  await startScheduled('refresh', { last: '2026-01-01T00:00:00Z' }, { jobs, ports })
  while (ports.sent.length > 0) await deliver(ports)
  await startScheduled('refresh', { last: '2026-01-01T00:00:00Z' }, { jobs, ports })
  expect(await runsOf(ports)).toMatchObject([{ trigger: 'timer', status: 'completed' }])
  await startScheduled('refresh', { last: '2026-01-01T06:00:00Z' }, { jobs, ports })
  expect(await runsOf(ports)).toHaveLength(2)
})

test('two timers of one job that are due after the same moment start it once each, and one of them asks for a refit', async () => {
  const ports = memoryPorts()
  const due = { last: '2026-01-01T00:00:00Z' }
  await startScheduled('refresh', due, { jobs, ports })
  while (ports.sent.length > 0) await deliver(ports)
  await startScheduled('refresh', due, { jobs, ports, refit: true })
  expect((await runsOf(ports)).map(({ refit }) => refit)).toEqual([undefined, true])
})

test('a due time is skipped, and said to be, while a run of the kind is at work', async () => {
  const ports = memoryPorts()
  await startScheduled('refresh', undefined, { jobs, ports })
  await startScheduled('refresh', { last: '2026-01-01T06:00:00Z' }, { jobs, ports })
  expect(await runsOf(ports)).toHaveLength(1)
  expect(ports.logged).toMatchObject([{ level: 'warn', stage: 'schedule', kind: 'refresh' }])
})

test('any other failure is not swallowed', async () => {
  const ports = memoryPorts()
  const broken = { ...ports, queue: { send: () => Promise.reject(new Error('the queue is away')) } }
  await expect(startScheduled('refresh', undefined, { jobs, ports: broken })).rejects.toThrow('the queue is away')
})
