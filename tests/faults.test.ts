import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Sidecart } from '../client/src/sidecart.ts'
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

describe('lists while Cosmos is in trouble', () => {
  const routes = ['/recommend/user/user-1', '/recommend/user/nobody', '/recommend/item/pen-1', '/api/trending']
  const list = async (path: string) => {
    const response = await ask(stack, `${path}${path.includes('?') ? '&' : '?'}limit=3`)
    const { items = [] } = (await response.json()) as { items?: unknown[] }
    const header = (name: string) => response.headers.get(`x-sidecart-${name}`)
    return { path, status: response.status, items: items.length, rung: header('rung'), degraded: header('degraded') }
  }
  // Somebody who was never here cannot be answered from memory.
  let visitors = 0
  const newcomer = () => {
    visitors += 1
    return list(`/recommend/user/new-${visitors}`)
  }
  const all = () => Promise.all([...[...routes, ...routes].map(list), newcomer()])
  beforeAll(async () => {
    await Promise.all(Object.values(faults).map(server => server.clear()))
    const shop = new Sidecart(stack)
    for (let n = 1; n <= 5; n++) {
      await shop.productCreate({ body: { item_id: `pen-${n}`, name: `Pen ${n}`, category: 'Pens', price: n } })
      await shop.interactions({ body: { user_id: `user-${n}`, event_type: 'purchase', item_id: `pen-${n}` } })
    }
    await eventually(all, lists => lists.every(({ items }) => items >= 3), 30_000)
  }, 60_000)

  beforeEach(async () => {
    await faults.cosmos.clear()
    await eventually(newcomer, ({ degraded }) => degraded === null, 30_000)
  }, 30_000)

  const troubles = {
    slow: { type: 'delay', ms: 400 },
    refusing: { type: 'status', status: 503 },
    throttled: busy,
    gone: { type: 'delay', ms: 20_000 },
  } as const
  test.each(Object.entries(troubles))(
    'none fails or is empty with Cosmos %s, and each says where it is from',
    async (_, action) => {
      for (const rate of [1, 0.5, 0.1]) {
        await faults.cosmos.set([{ action, rate, seed: 7 }])
        const answered = [...(await all()), ...(await all())]
        const [rule] = await faults.cosmos.read()
        // Once it has failed too often it is asked less.
        if (rate === 1) expect(rule?.applied).toBeGreaterThan(0)
        expect(answered.filter(({ status, items }) => status !== 200 || items < 3)).toEqual([])
        expect(answered.filter(({ rung }) => !rung || rung === 'none')).toEqual([])
      }
    },
    60_000,
  )
})
