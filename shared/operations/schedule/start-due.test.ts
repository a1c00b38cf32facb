import { expect, test } from 'vitest'
import { type Fault, faultyPorts, WorkerStruck } from '../../../tests/faulty-ports.ts'
import { deliver, stocktakingJobs as jobs } from '../../../tests/stocktaking.ts'
import { type MemoryPorts, memoryPorts } from '../../adapters/memory/ports.ts'
import type { Ports } from '../../ports.ts'
import { collections } from '../../schemas/collections.ts'
import type { Run } from '../../schemas/run.ts'
import type { JobSchedule } from '../../schemas/schedule.ts'
import type { Schedules } from './scheduled-jobs.ts'
import { withSchedules } from './schedules-in-force.ts'
import { startDue } from './start-due.ts'

const off: JobSchedule = { off: true }
const never: Schedules = { refresh: off, refit: off, lake: off, 'lake-daily': off, export: off, tune: off }
const sixHourly: Schedules = { ...never, refresh: { cron: '0 0 */6 * * *' } }
const hourMs = 3_600_000

async function runsOf({ documents }: Ports): Promise<Run[]> {
  const runs: Run[] = []
  for await (const page of documents.query(collections.runs, { equal: { type: 'run' } })) runs.push(...page)
  return runs.sort((a, b) => (a.created_at < b.created_at ? -1 : 1))
}

const look = (ports: Ports, schedules = sixHourly) => startDue(schedules, { jobs, ports })
const workOff = async (ports: MemoryPorts) => {
  while (ports.sent.length > 0) await deliver(ports)
}
const stateOf = async ({ documents }: Ports) =>
  (
    await documents.read(collections.batchScheduleState, {
      id: 'batch-schedule-state',
      partition: 'batch-schedule-state',
    })
  )?.document.jobs

/** A shop whose clock has looked once, at new year 2026. */
async function lookedAt(schedules = sixHourly): Promise<MemoryPorts> {
  const ports = memoryPorts()
  await look(ports, schedules)
  return ports
}

test('the first look starts nothing: times before a shop was there are not missed ones', async () => {
  expect(await runsOf(await lookedAt())).toEqual([])
})

test('a job is started once at its time, by however many looks', async () => {
  const ports = await lookedAt()
  ports.advance(6 * hourMs - 1)
  await look(ports)
  expect(await runsOf(ports)).toHaveLength(0)
  ports.advance(1)
  await Promise.all([look(ports), look(ports)])
  await workOff(ports)
  await look(ports)
  ports.advance(hourMs)
  await look(ports)
  expect(await runsOf(ports)).toMatchObject([{ kind: 'refresh', trigger: 'timer', status: 'completed' }])
})

test('times that were missed while nobody looked are caught up by one run', async () => {
  const ports = await lookedAt({ ...sixHourly, lake: { every_seconds: 600 } })
  ports.advance(100 * hourMs)
  for (let times = 0; times < 3; times++) {
    await look(ports, { ...sixHourly, lake: { every_seconds: 600 } })
    await workOff(ports)
  }
  expect((await runsOf(ports)).map(({ kind }) => kind).sort()).toEqual(['lake', 'refresh'])
})

test('every so many seconds counts from the due time before, not from when somebody looked', async () => {
  const schedules = { ...never, lake: { every_seconds: 600 } }
  const ports = await lookedAt(schedules)
  for (let minute = 0; minute < 61; minute++) {
    ports.advance(59_000)
    await look(ports, schedules)
    await workOff(ports)
  }
  // An hour less a second: five times ten minutes, and the looks were never at the very second.
  expect(await runsOf(ports)).toHaveLength(5)
})

test('a look that is killed at any operation has started one run, or the next look does', async () => {
  const due = async () => {
    const ports = await lookedAt()
    ports.advance(6 * hourMs)
    return ports
  }
  const never: Fault = { at: 1000, loses: 'answer', worker: 'dead' }
  const whole = faultyPorts(await due(), never)
  await look(whole.ports)
  const operations = whole.operations()
  expect(operations).toBeGreaterThan(5)
  for (let at = 1; at <= operations; at++) {
    for (const loses of ['effect', 'answer'] as const) {
      const ports = await due()
      await expect(look(faultyPorts(ports, { at, loses, worker: 'dead' }).ports)).rejects.toThrow(WorkerStruck)
      ports.advance(60_000)
      await look(ports)
      await look(ports)
      expect(await runsOf(ports)).toMatchObject([{ kind: 'refresh' }])
    }
  }
})

test('while a run of the kind is at work a due job waits, says so once, and starts when that has ended', async () => {
  const schedules = { ...sixHourly, refit: { cron: '0 0 6 * * *' } }
  const ports = await lookedAt(schedules)
  ports.advance(6 * hourMs)
  await look(ports, schedules)
  ports.advance(60_000)
  await look(ports, schedules)
  expect((await runsOf(ports)).map(({ refit }) => refit)).toEqual([true])
  expect((await stateOf(ports))?.refresh).toMatchObject({ waiting: '2026-01-01T06:00:00.000Z' })
  expect(ports.logged.filter(({ stage }) => stage === 'schedule')).toMatchObject([{ job: 'refresh', level: 'info' }])
  await workOff(ports)
  await look(ports, schedules)
  expect((await runsOf(ports)).map(({ refit }) => refit)).toEqual([true, undefined])
  expect((await stateOf(ports))?.refresh).not.toHaveProperty('waiting')
})

test('a schedule that is set at run time wins, and times before it was set are not missed ones', async () => {
  const ports = await lookedAt()
  ports.advance(12 * hourMs - 1000)
  const set = withSchedules(undefined, { refresh: { cron: '0 0 9,12 * * *' } }, new Date(ports.clock()).toISOString())
  await ports.documents.create(collections.batchSchedule, set)
  await look(ports)
  expect(await runsOf(ports)).toHaveLength(0)
  // Noon came a second after it was set, and a minute before anybody looked.
  ports.advance(60_000)
  await look(ports)
  expect(await runsOf(ports)).toMatchObject([{ created_at: '2026-01-01T12:00:59.000Z' }])
})

test('what is switched off does not start, and what is switched on again has missed nothing', async () => {
  const ports = await lookedAt()
  const at = () => new Date(ports.clock()).toISOString()
  const set = withSchedules(undefined, { refresh: off }, at())
  await ports.documents.upsert(collections.batchSchedule, set)
  ports.advance(100 * hourMs)
  await look(ports)
  await ports.documents.upsert(collections.batchSchedule, withSchedules(set, {}, at()))
  await look(ports)
  expect(await runsOf(ports)).toHaveLength(0)
  ports.advance(2 * hourMs)
  await look(ports)
  expect(await runsOf(ports)).toHaveLength(1)
})

test('a schedule that came with a deployment holds from then on', async () => {
  const ports = await lookedAt(never)
  ports.advance(100 * hourMs)
  await look(ports, sixHourly)
  expect(await runsOf(ports)).toHaveLength(0)
})

test('a job that cannot be started keeps no other from it, and is told', async () => {
  const schedules = { ...sixHourly, 'lake-daily': { cron: '0 0 6 * * *' } }
  const ports = await lookedAt(schedules)
  ports.advance(6 * hourMs)
  const { lake: _, ...others } = jobs
  await expect(startDue(schedules, { jobs: others, ports })).rejects.toThrow(
    'the job has no stages: current kind is lake',
  )
  expect(await runsOf(ports)).toMatchObject([{ kind: 'refresh' }])
  await look(ports, schedules)
  expect((await runsOf(ports)).map(({ kind }) => kind).sort()).toEqual(['lake', 'refresh'])
})

test('while money is saved a refresh comes due every twelve hours at most; other jobs keep their times', async () => {
  const schedules: Schedules = { ...sixHourly, lake: { cron: '0 0 */6 * * *' } }
  const slowed = (ports: Ports) => startDue(schedules, { jobs, ports, refreshEveryMs: 12 * hourMs })
  const ports = await lookedAt(schedules)
  for (let times = 0; times < 8; times++) {
    ports.advance(6 * hourMs)
    await slowed(ports)
    await workOff(ports)
  }
  const kinds = (await runsOf(ports)).map(({ kind }) => kind)
  expect([kinds.filter(kind => kind === 'refresh').length, kinds.filter(kind => kind === 'lake').length]).toEqual([
    4, 8,
  ])
})
