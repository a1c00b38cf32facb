import { expect, test } from 'vitest'
import { answeringShop, apiOver, schedules } from '../../../tests/api-by-hand.ts'
import { stocktakingJobs as jobs } from '../../../tests/stocktaking.ts'
import { startDue } from '../../operations/schedule/start-due.ts'
import { collections } from '../../schemas/collections.ts'
import { BatchScheduleAnswer } from '../../schemas/configuration.ts'

const jobNamed = (json: unknown, name: string) => BatchScheduleAnswer.parse(json).items.find(item => item.name === name)

test('the schedule tells of each job when it runs, by whom that was set, and how it went last', async () => {
  const of = await answeringShop()
  const { call } = apiOver(of)
  await startDue(schedules, { jobs, ports: of.ports })
  expect(jobNamed((await call('batch-schedule')).json, 'refresh')).toEqual({
    ...{ name: 'refresh', kind: 'refresh', schedule: { cron: '0 0 */6 * * *' }, is_default: true },
    ...{ default: { cron: '0 0 */6 * * *' }, next_run_at: '2026-01-01T06:00:00.000Z', waiting_since: null },
    ...{ last_run_at: null, last_job: null, last_status: null, slowed_to_hours: null },
  })
  await call('batch-schedule-set', { body: { schedules: { refresh: { every_seconds: 3600 }, lake: { off: true } } } })
  of.ports.advance(3_600_000)
  await startDue(schedules, { jobs, ports: of.ports })
  const { json } = await call('batch-schedule')
  expect(jobNamed(json, 'refresh')).toMatchObject({
    ...{ schedule: { every_seconds: 3600 }, is_default: false, next_run_at: '2026-01-01T03:00:00.000Z' },
    ...{ last_run_at: '2026-01-01T02:00:00.000Z', last_status: 'running' },
  })
  expect(jobNamed(json, 'lake')).toMatchObject({ schedule: { off: true }, is_default: false, next_run_at: null })
  expect(jobNamed(json, 'tune')).toMatchObject({ schedule: { off: true }, is_default: true, next_run_at: null })
})

test('a change that names an older version is refused, and what is left out goes by the settings again', async () => {
  const { call } = apiOver(await answeringShop())
  const first = await call('batch-schedule')
  const set = { schedules: { export: { cron: '0 0 7 * * 2' } } }
  const headers = { 'if-match': first.headers.etag ?? '' }
  const written = await call('batch-schedule-set', { body: set, headers })
  expect(written.status).toBe(200)
  expect(written.headers.etag).toBe((await call('batch-schedule')).headers.etag)
  expect(await call('batch-schedule-set', { body: { schedules: {} }, headers })).toMatchObject({
    ...{ status: 412, json: { code: 'precondition_failed' } },
  })
  expect(jobNamed((await call('batch-schedule')).json, 'export')).toMatchObject({ schedule: set.schedules.export })
  const { json } = await call('batch-schedule-set', { body: { schedules: {} } })
  expect(jobNamed(json, 'export')).toMatchObject({ is_default: true, schedule: { cron: '0 0 6 * * 1' } })
})

test.each([
  [{ refresh: { cron: '0 3 * * *' } }, 'schedules.refresh.cron', 'must be a six-field NCRONTAB like `0 0 */6 * * *`'],
  [{ refresh: { every_seconds: 5 } }, 'schedules.refresh.every_seconds', 'from 60 to 31536000'],
  [{ refresh: { off: false } }, 'schedules.refresh.off', 'must be true'],
  [{ refresh: {} }, 'schedules.refresh', 'must have exactly one of cron, every_seconds and off'],
  [{ refresh: { off: true, every_seconds: 60 } }, 'schedules.refresh', 'must have exactly one of'],
  [{ reload: { off: true } }, 'schedules.reload', 'is not known here'],
])('%j is refused, naming the field', async (schedules, field, reason) => {
  const { call } = apiOver(await answeringShop())
  const { status, json } = await call('batch-schedule-set', { body: { schedules } })
  expect(status).toBe(400)
  expect(json).toMatchObject({ errors: [{ field, reason: expect.stringContaining(reason) }] })
})

test('while the budget is being used up too fast, the schedule tells how rare refreshes are and when the next one is', async () => {
  const of = await answeringShop()
  const { call } = apiOver(of)
  await startDue(schedules, { jobs, ports: of.ports })
  const at = new Date(of.ports.clock()).toISOString()
  await of.ports.documents.upsert(collections.budgetStates, {
    ...{ id: 'budget', level: 1, since: at, looked_at: at },
    ...{ budget_dollars: 15, month_dollars: 1, forecast_dollars: 16 },
  })
  const { json } = await call('batch-schedule')
  expect(jobNamed(json, 'refresh')).toMatchObject({ slowed_to_hours: 12, next_run_at: '2026-01-01T18:00:00.000Z' })
  expect(jobNamed(json, 'lake')).toMatchObject({ slowed_to_hours: null, next_run_at: '2026-01-01T01:05:00.000Z' })
})
