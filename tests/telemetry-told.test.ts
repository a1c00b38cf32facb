import { expect, test } from 'vitest'
import { memoryPorts } from '../shared/adapters/memory/ports.ts'
import { CounterWriter } from '../shared/ingest/counter-writer.ts'
import { ingestBatch } from '../shared/ingest/ingest-batch.ts'
import { ProfileWriter } from '../shared/ingest/profile-writer.ts'
import { failRun } from '../shared/runs/end-run.ts'
import { failPoisoned } from '../shared/runs/fail-poisoned.ts'
import { startRun } from '../shared/runs/start-run.ts'
import { work } from '../shared/runs/work.ts'
import { RunMessage } from '../shared/schemas/run.ts'
import { shop as servedShop } from '../shared/serving/shop.ts'
import { answeringShop, apiOver } from './api-by-hand.ts'
import { interceptedPorts } from './faulty-ports.ts'
import { hourMs } from './served-shop.ts'
import { jobsOf, startStocktaking, stocktaking, stocktakingJobs } from './stocktaking.ts'

const labels = { kind: 'refresh' } as const

test('events that are kept aside are counted, and told of by hub', async () => {
  const ports = memoryPorts()
  const enqueuedAt = new Date(ports.clock() - 3_000).toISOString()
  const events = [{ sequenceNumber: 1, enqueuedAt, body: { event_type: 'none' } }]
  const writers = { profiles: new ProfileWriter(), counters: new CounterWriter({ halfLifeMs: hourMs }) }
  await ingestBatch({ partition: '0', events }, writers, ports)
  const hub = 'interactions'
  expect(ports.told.valueOf('events_total', { hub, outcome: 'rejected' })).toBe(1)
  expect(ports.told.valueOf('dead_letters_total', { hub })).toBe(1)
  expect(ports.told.valueOf('ingest_lag_ms', { hub })).toBe(1)
  expect(ports.logged).toMatchObject([{ level: 'warn', event: 'dead_letters', hub, rejected: 1 }, { stage: 'ingest' }])
})

test('a chunk that fails is counted each time, and a message that is given up fails its run in words and figures', async () => {
  const ports = memoryPorts()
  const fails = jobsOf(
    stocktaking.map(stage => ({ ...stage, run: () => Promise.reject(new Error('a shelf fell down')) })),
  )
  const { run } = await startStocktaking(ports)
  const message = RunMessage.parse(ports.sent.shift()?.message)
  await work(message, { jobs: fails, ports }).catch(() => undefined)
  expect(ports.told.valueOf('chunks_total', { ...labels, outcome: 'failed' })).toBe(1)
  await failPoisoned(message, ports)
  expect(ports.told.valueOf('poisoned_messages_total')).toBe(1)
  expect(ports.told.valueOf('runs_total', { ...labels, status: 'failed' })).toBe(1)
  expect(ports.logged.filter(({ event }) => event)).toMatchObject([
    { level: 'error', event: 'poisoned', ...labels, run: run.run_id },
    { level: 'error', event: 'run_failed', ...labels, run: run.run_id },
  ])
})

test('an erasure that is given up is told of as such', async () => {
  const ports = memoryPorts()
  const jobs = { erasure: { kind: 'erasure' as const, stages: stocktakingJobs.refresh?.stages ?? [] } }
  const { run } = await startRun('erasure', { trigger: 'test', jobs }, ports)
  await failRun(run.run_id, 'a store was away', ports)
  expect(ports.told.valueOf('erasures_total', { status: 'failed' })).toBe(1)
  expect(ports.logged.map(({ event }) => event)).toEqual(['run_failed', 'erasure_failed'])
})

test('a list says from which rung it came, and reads say whether memory answered them', async () => {
  const of = await answeringShop()
  const { call } = apiOver(of)
  const { told } = of.ports
  await call('recommend-user', { path: { id: 'anna' } })
  await call('recommend-user', { path: { id: 'nobody' } })
  expect(told.valueOf('lists_total', { rung: 'personal' })).toBe(1)
  expect(told.valueOf('lists_total', { rung: 'trending' })).toBe(1)
  expect(told.valueOf('cache_reads_total', { cache: 'users', outcome: 'miss' })).toBeGreaterThan(0)
  // Published at midnight; the shop stands still an hour later.
  expect(told.valueOf('published_age_seconds')).toBe(3_600)
})

test('a service that is away is told of, and lists made without it are counted', async () => {
  const of = await answeringShop()
  let away = false
  const ports = {
    ...of.ports,
    ...interceptedPorts(of.ports, operation => (away ? Promise.reject(new Error('away')) : operation())),
  }
  const shop = servedShop(ports, { halfLifeMs: hourMs, catalogueRefreshMs: 1e9 })
  const { call } = apiOver({ ports, shop })
  await call('recommend-user', { path: { id: 'anna' } })
  expect(of.ports.told.valueOf('dependency_up', { dependency: 'cosmos' })).toBe(1)
  away = true
  for (let time = 0; time < 8; time++) await call('recommend-user', { path: { id: `u${time}` } })
  expect(of.ports.told.valueOf('dependency_up', { dependency: 'cosmos' })).toBe(0)
  expect(of.ports.told.valueOf('lists_degraded_total')).toBeGreaterThan(0)
  expect(of.ports.logged.map(({ event }) => event)).toContain('dependency_away')
})
