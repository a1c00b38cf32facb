import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ask } from '../local/api-client.ts'
import { type LocalStack, startLocalStack } from '../local/local-stack.ts'
import { eventually, jsonLines } from './stack-client.ts'

const stateDir = mkdtempSync(join(tmpdir(), 'sidecart-faults-'))
let stack: LocalStack
let faults: NonNullable<LocalStack['faults']>
beforeAll(async () => {
  const settings = { REFRESH_SCHEDULE: 'off', LAKE_SCHEDULE: 'off', LAKE_DAILY_SCHEDULE: 'off' }
  stack = await startLocalStack({ stateDir, port: 0, settings, faults: true })
  if (stack.faults === undefined) throw new Error('The stack was started with faults')
  faults = stack.faults
}, 60_000)
beforeEach(() => Promise.all(Object.values(faults).map(server => server.clear())))
afterAll(async () => {
  await stack.stop()
  rmSync(stateDir, { recursive: true, force: true })
})

const busy = { type: 'status', status: 429, retryAfterMs: 5 } as const
const event = (n: number) => ({
  event_id: `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`,
  user_id: 'user-1',
  event_type: 'view',
  item_id: 'i1',
  ts: '2026-01-01T00:00:00Z',
})
const post = (n: number) => ask(stack, '/api/interactions', { method: 'POST', body: JSON.stringify([event(n)]) })
const storedTimes = async (n: number) =>
  (await jsonLines(stack, 'bronze', '_segments/interactions/')).filter(line =>
    JSON.stringify(line).includes(event(n).event_id),
  ).length

test('a throttled Cosmos only slows a shop down', async () => {
  await faults.cosmos.set([{ action: busy, rate: 0.3, seed: 7, times: 20 }])
  expect((await post(1)).status).toBe(202)
  await eventually(
    () => ask(stack, '/api/users/user-1/profile'),
    ({ status }) => status === 200,
  )
  const [rule] = await faults.cosmos.read()
  expect(rule?.applied).toBeGreaterThan(0)
})

test('storage that is busy for a moment loses no event', async () => {
  await faults.azurite.set([
    { match: { service: 'blob', method: 'PUT' }, action: { type: 'status', status: 503 }, times: 2 },
  ])
  expect((await post(2)).status).toBe(202)
  expect(
    await eventually(
      () => storedTimes(2),
      times => times > 0,
    ),
  ).toBe(1)
})

test('a host that lost its answer has taken the event in, so that its sender sends it again', async () => {
  await faults.host.set([{ match: { path: '/api/interactions' }, action: { type: 'drop', when: 'after' }, times: 1 }])
  await expect(post(3)).rejects.toThrow('fetch failed')
  await eventually(
    () => storedTimes(3),
    times => times === 1,
  )
  expect((await post(3)).status).toBe(202)
})

test('a hub that refuses a send is asked again', async () => {
  const refused = { type: 'error', condition: 'internal-error' } as const
  await faults.eventHubs.set([{ match: { operation: 'send' }, action: refused, times: 1 }])
  expect((await post(4)).status).toBe(202)
  await eventually(
    () => storedTimes(4),
    times => times === 1,
  )
  expect(await faults.eventHubs.read()).toMatchObject([{ applied: 1 }])
})
