import { describe, expect, test } from 'vitest'
import type { Call } from '../../../tests/api-request.ts'
import { countingEndpoint, guarded } from '../../../tests/guarded.ts'
import { GuardSettings } from '../../schemas/settings/guards.ts'
import { anonymous, type Caller } from '../caller.ts'
import { authorize } from '../handle.ts'
import { rateLimits } from './rate-limit.ts'

const service = (id: string): Caller => ({ kind: 'service', id, name: id, roles: new Set(['reader']) })
const shopper = (userId: string): Caller => ({ kind: 'shopper', userId })

function limits(settings: Record<string, string>) {
  const clock = { ms: 0 }
  const none = Object.fromEntries(
    ['SERVICE_REQUESTS', 'SHOPPER_REQUESTS', 'ADDRESS_REQUESTS', 'ADDRESS_REFUSALS'].map(name => [
      `${name}_PER_SECOND`,
      '0',
    ]),
  )
  return { clock, ...rateLimits(GuardSettings.parse({ ...none, ...settings }), () => clock.ms) }
}

async function statuses(
  call: (sent: Call) => Promise<{ status: number }>,
  sent: Call,
  times: number,
): Promise<number[]> {
  const found: number[] = []
  for (let n = 0; n < times; n++) found.push((await call(sent)).status)
  return found
}

describe('a caller who asks too often is refused, the others are not:', () => {
  test('a service by its key, wherever it calls from', async () => {
    const { ofCallers } = limits({ SERVICE_REQUESTS_PER_SECOND: '0.3' })
    const call = guarded(countingEndpoint().endpoint, ofCallers)
    expect(await statuses(call, { caller: service('a'), address: '203.0.113.7' }, 3)).toEqual([200, 200, 200])
    expect(await statuses(call, { caller: service('a'), address: '203.0.113.8' }, 1)).toEqual([429])
    expect(await statuses(call, { caller: service('b') }, 1)).toEqual([200])
  })

  test('a shopper, and an address with all its shoppers and who gives no name', async () => {
    const { ofCallers } = limits({ SHOPPER_REQUESTS_PER_SECOND: '0.2', ADDRESS_REQUESTS_PER_SECOND: '0.4' })
    const call = guarded(countingEndpoint().endpoint, ofCallers)
    const address = '2001:db8::1'
    expect(await statuses(call, { caller: shopper('anna'), address }, 3)).toEqual([200, 200, 429])
    expect(await statuses(call, { caller: shopper('bert'), address: '2001:db8::2' }, 1)).toEqual([200])
    expect(await statuses(call, { caller: anonymous, address }, 1)).toEqual([429])
    expect(await statuses(call, { caller: anonymous, address: '2001:db8:0:1::1' }, 1)).toEqual([200])
  })

  test('an address whose identities were refused, before the next one is looked at', async () => {
    const { ofRefusals, clock } = limits({ ADDRESS_REFUSALS_PER_SECOND: '0.2' })
    const { endpoint, count } = countingEndpoint()
    const call = guarded(endpoint, ofRefusals, authorize)
    const stranger = { caller: anonymous, address: '203.0.113.7' }
    expect(await statuses(call, stranger, 3)).toEqual([401, 401, 429])
    expect(await statuses(call, { ...stranger, caller: service('a') }, 1)).toEqual([429])
    expect(await statuses(call, { caller: service('a'), address: '203.0.113.8' }, 1)).toEqual([200])
    clock.ms = 5000
    expect(await statuses(call, { ...stranger, caller: service('a') }, 9)).toEqual(Array(9).fill(200))
    expect(count.calls).toBe(10)
  })
})

test('what is left is told with every answer, and when to come back with a refusal', async () => {
  const { ofCallers } = limits({ SERVICE_REQUESTS_PER_SECOND: '0.2' })
  const call = guarded(countingEndpoint().endpoint, ofCallers)
  expect((await call()).headers).toMatchObject({
    'ratelimit-policy': '"service";q=2;w=10',
    ratelimit: '"service";r=1;t=5',
  })
  await call()
  const refused = await call()
  expect(refused).toMatchObject({
    status: 429,
    headers: {
      ...{ 'content-type': 'application/problem+json', 'retry-after': '5' },
      ...{ 'ratelimit-policy': '"service";q=2;w=10', ratelimit: '"service";r=0;t=10' },
    },
  })
  expect(JSON.parse(String(refused.body))).toMatchObject({ code: 'too_many_requests' })
})

test('of several limits the one that ends first is told', async () => {
  const { ofCallers } = limits({ SHOPPER_REQUESTS_PER_SECOND: '1', ADDRESS_REQUESTS_PER_SECOND: '100' })
  const { headers } = await guarded(countingEndpoint().endpoint, ofCallers)({ caller: shopper('anna') })
  expect(headers.ratelimit).toBe('"shopper";r=9;t=1')
})

test('0 sets no limit, and nothing is said of one', async () => {
  const { ofCallers, ofRefusals } = limits({})
  const call = guarded(countingEndpoint().endpoint, ofRefusals, ofCallers)
  expect(await statuses(call, {}, 500)).toEqual(Array(500).fill(200))
  expect((await call()).headers).not.toHaveProperty('ratelimit')
})
