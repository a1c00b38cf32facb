import { expect, test } from 'vitest'
import { interceptedPorts } from '../../tests/faulty-ports.ts'
import { deliver, runOf, startStocktaking, stocktakingJobs } from '../../tests/stocktaking.ts'
import { type MemoryPorts, memoryPorts } from '../adapters/memory/ports.ts'
import { collections } from '../schemas/collections.ts'
import { AppError } from '../schemas/errors.ts'
import { failRun } from './end-run.ts'
import { leaseKey } from './ledger.ts'
import { startRun } from './start-run.ts'

const begin = (ports: MemoryPorts, idempotencyKey?: string) =>
  startRun('refresh', { trigger: 'test', idempotencyKey, jobs: stocktakingJobs }, ports)
const lease = async (ports: MemoryPorts) =>
  (await ports.documents.read(collections.leases, leaseKey('refresh')))?.document
const workOff = async (ports: MemoryPorts) => {
  while (ports.sent.length > 0) await deliver(ports)
}

test('a started run is in the ledger, holds the lease and has asked for its first stage to be planned', async () => {
  const ports = memoryPorts({ now: Date.UTC(2026, 0, 1) })
  const { run, started } = await begin(ports)
  expect(started).toBe(true)
  expect(run).toMatchObject({ status: 'running', stage: 0, token: 1, created_at: '2026-01-01T00:00:00.000Z' })
  expect(run.run_id).toMatch(/^refresh-[0-9a-f]{16}$/)
  expect(run.stages.map(({ name }) => name)).toEqual(['count', 'returns', 'add-up', 'tell'])
  expect(await runOf(run.run_id, ports)).toEqual(run)
  expect(await lease(ports)).toMatchObject({ holder: run.run_id, token: 1 })
  expect(ports.sent).toEqual([
    { queue: 'run-chunks', message: { run_id: run.run_id, stage: 'count', round: 0, chunk: 'plan' } },
  ])
})

test('a second run of the kind is refused while the first is at work, naming it; the other kind is free', async () => {
  const ports = memoryPorts()
  const { run } = await begin(ports)
  const refused = await begin(ports).catch((cause: unknown) => cause)
  expect(refused).toBeInstanceOf(AppError)
  expect(refused).toMatchObject({ code: 'job_running', message: expect.stringContaining(run.run_id) })
  expect(ports.sent).toHaveLength(1)
  const other = await startRun('lake', { trigger: 'test', jobs: stocktakingJobs }, ports)
  expect(other.started).toBe(true)
})

test('a completed run gives the lease back, and the next run has a larger token', async () => {
  const ports = memoryPorts()
  const first = await begin(ports)
  await workOff(ports)
  expect(await runOf(first.run.run_id, ports)).toMatchObject({ status: 'completed' })
  expect((await lease(ports))?.holder).toBeUndefined()
  const second = await begin(ports)
  expect(second.run.token).toBe(2)
})

test('a failed run gives the lease back', async () => {
  const ports = memoryPorts()
  const first = await begin(ports)
  await failRun(first.run.run_id, 'the shelf fell over', ports)
  expect((await lease(ports))?.holder).toBeUndefined()
  expect((await begin(ports)).run.token).toBe(2)
})

test('the same idempotency key gives the same run, while it runs and when it has ended', async () => {
  const ports = memoryPorts()
  const first = await startStocktaking(ports)
  const again = await startStocktaking(ports)
  expect(again).toEqual({ run: first.run, started: false })
  expect(ports.sent).toHaveLength(1)
  await workOff(ports)
  const later = await startStocktaking(ports)
  expect(later.started).toBe(false)
  expect(later.run).toMatchObject({ run_id: first.run.run_id, status: 'completed' })
})

test('calls with one idempotency key at the same moment start one run, which completes', async () => {
  const ports = memoryPorts()
  const answers = await Promise.all([begin(ports, 'noon'), begin(ports, 'noon'), begin(ports, 'noon')])
  expect(new Set(answers.map(({ run }) => run.run_id)).size).toBe(1)
  expect(answers.filter(({ started }) => started)).toHaveLength(1)
  await workOff(ports)
  expect(await runOf(answers[0].run.run_id, ports)).toMatchObject({ status: 'completed' })
})

test('a repeated call between lease and run does not supersede the run it belongs to', async () => {
  const ports = memoryPorts()
  await begin(ports)
  await workOff(ports)
  // The first call stands between lease and run while the second goes its whole way.
  let repeat: ReturnType<typeof begin> | undefined
  const slow = interceptedPorts(ports, async (operation, name) => {
    if (name === 'documents.create runs') {
      repeat ??= begin(ports, 'noon')
      await repeat
    }
    return operation()
  })
  const options = { trigger: 'test', idempotencyKey: 'noon', jobs: stocktakingJobs }
  const first = await startRun('refresh', options, slow)
  expect((await repeat)?.run).toEqual(first.run)
  await workOff(ports)
  expect(await runOf(first.run.run_id, ports)).toMatchObject({ status: 'completed' })
})

test('two starts at the same moment without a key: one runs, the other is refused', async () => {
  const ports = memoryPorts()
  const outcomes = await Promise.allSettled([begin(ports), begin(ports)])
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'job_running' } })
})

test('a lease whose holder never wrote its run is taken over after half a minute, not before', async () => {
  const ports = memoryPorts()
  await ports.documents.create(collections.leases, {
    ...{ id: 'lease', run_id: 'lease-refresh', token: 7, holder: 'refresh-0000000000000000' },
    taken_at: new Date(ports.clock()).toISOString(),
  })
  ports.advance(29_000)
  await expect(begin(ports)).rejects.toMatchObject({ code: 'job_running' })
  ports.advance(2_000)
  expect((await begin(ports)).run.token).toBe(8)
})

test('a run superseded by a later one fails at its next barrier and leaves the lease alone', async () => {
  const ports = memoryPorts()
  const { run } = await begin(ports)
  const held = await ports.documents.read(collections.leases, leaseKey('refresh'))
  if (!held) throw new Error('There is no lease')
  await ports.documents.replace(collections.leases, { ...held.document, token: 2, holder: 'refresh-later' }, held.etag)
  await workOff(ports)
  expect(await runOf(run.run_id, ports)).toMatchObject({
    status: 'failed',
    error: 'Superseded by the later run refresh-later',
  })
  expect(await lease(ports)).toMatchObject({ token: 2, holder: 'refresh-later' })
})

test('a job without stages cannot be started', async () => {
  const jobs = {
    lake: { kind: 'lake' as const, stages: [] },
    refresh: { kind: 'refresh' as const, stages: [] },
    tune: { kind: 'tune' as const, stages: [] },
  }
  await expect(startRun('refresh', { trigger: 'test', jobs }, memoryPorts())).rejects.toThrow(RangeError)
})
