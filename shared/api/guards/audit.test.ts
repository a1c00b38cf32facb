import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Call } from '../../../tests/api-request.ts'
import { interceptedPorts } from '../../../tests/faulty-ports.ts'
import { guarded } from '../../../tests/guarded.ts'
import { memoryPorts } from '../../adapters/memory/ports.ts'
import { AuditList } from '../../schemas/audit.ts'
import { AppError } from '../../schemas/errors.ts'
import { access } from '../access.ts'
import { anonymous, type Caller } from '../caller.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { authorize } from '../handle.ts'
import { listAudit } from '../routes/audit.ts'
import { audit } from './audit.ts'

const olga: Caller = { kind: 'service', id: 'key-7', name: 'Olga’s console', roles: new Set(['admin']) }
const secret = 'a secret of sixteen'
const sent: Call = { path: { name: 'home' }, body: { token: 'secret-of-olga' }, caller: olga, address: '203.0.113.7' }

function audited(
  of: Partial<Endpoint> = {},
  ports = memoryPorts(),
  through = ports as Parameters<typeof audit>[0]['ports'],
) {
  const count = { calls: 0 }
  const set = endpoint({
    ...{
      name: 'set',
      method: 'PUT',
      path: '/set/{name}',
      access: access.administer,
      group: 'configuration',
      summary: '',
    },
    input: { path: z.object({ name: z.string() }), body: z.object({ token: z.string().optional() }) },
    output: z.object({}),
    run: async () => {
      count.calls += 1
      return { body: {} }
    },
  })
  const { ofActions, ofRefusals } = audit({ ports: through, secret })
  const call = guarded({ ...set, ...of }, ofRefusals(401), ofRefusals(403), authorize, ofActions)
  const list = guarded(listAudit({ ports }))
  const records = async (query: Record<string, string> = {}) =>
    AuditList.parse(JSON.parse(String((await list({ query })).body)))
  return { ports, count, call, records }
}

describe('what an administrator does', () => {
  test('is recorded before it is done and after, newest first', async () => {
    const { call, records } = audited()
    expect((await call(sent)).status).toBe(200)
    const of = {
      ...{
        at: '2026-01-01T00:00:00.000Z',
        request_id: 'a-request',
        endpoint: 'set',
        method: 'PUT',
        path: { name: 'home' },
      },
      ...{ caller: { kind: 'service', id: 'key-7', name: 'Olga’s console' }, address: '203.0.113.7' },
    }
    expect(await records()).toEqual({
      items: [
        { ...of, type: 'outcome', status: 200 },
        { ...of, type: 'intent', body_digest: expect.stringMatching(/^[0-9a-f]{64}$/) },
      ],
      next_cursor: null,
    })
  })

  test('is recorded with what came of it where it failed', async () => {
    const { call, records } = audited({ run: () => Promise.reject(new AppError('not_live', 'No')) })
    await call(sent)
    expect((await records()).items.map(({ type, status }) => [type, status])).toEqual([
      ['outcome', 409],
      ['intent', undefined],
    ])
  })

  test('is not done where it cannot be recorded', async () => {
    const ports = memoryPorts()
    const failing = interceptedPorts(ports, () => Promise.reject(new Error('gone')))
    const { call, count } = audited({}, ports, { ...ports, blobs: failing.blobs })
    const answer = await call(sent)
    expect([answer.status, answer.headers['retry-after'], count.calls]).toEqual([503, '5', 0])
  })

  test('is answered where only its outcome cannot be recorded, which the log says', async () => {
    const ports = memoryPorts()
    let appends = 0
    const second = interceptedPorts(ports, operation =>
      ++appends === 2 ? Promise.reject(new Error('gone')) : operation(),
    )
    const { call, records } = audited({}, ports, { ...ports, blobs: second.blobs })
    expect((await call(sent)).status).toBe(200)
    expect((await records()).items.map(({ type }) => type)).toEqual(['intent'])
    expect(ports.logged).toMatchObject([{ level: 'error', stage: 'audit', type: 'outcome', status: 200 }])
  })

  test('leaves neither bodies nor people in the record, but pseudonyms of them', async () => {
    const { call, ports } = audited({ group: 'privacy', access: access.privacy })
    await call({ ...sent, path: { name: 'anna-of-the-shop' }, caller: { ...olga, roles: new Set(['privacy']) } })
    const text = String(Buffer.from((await ports.blobs.read('audit/2026/01/01.ndjson')) ?? []))
    expect(text).toContain('"path":{"name":"')
    expect(text).not.toMatch(/anna|secret-of/)
  })
})

test.each([
  ['reading', { method: 'GET', input: {} }],
  ['a POST that only asks', { method: 'POST', isSafe: true, input: {} }],
  ['what readers and writers may do', { access: access.write }],
] as [string, Partial<Endpoint>][])('%s is not recorded', async (_, of) => {
  const { call, records } = audited(of)
  await call(sent)
  await call({ ...sent, caller: anonymous })
  expect((await records()).items).toEqual([])
})

describe('who was not let in', () => {
  test('is recorded once, by name where it is known', async () => {
    const { call, records, count } = audited()
    const callers: Caller[] = [
      anonymous,
      { ...olga, roles: new Set(['operator']) },
      { kind: 'shopper', userId: 'anna' },
    ]
    for (const caller of callers) await call({ ...sent, caller })
    const { items } = await records()
    expect(items.map(({ type, status, caller }) => [type, status, caller])).toEqual([
      ['refused', 403, { kind: 'shopper', pseudonym: expect.stringMatching(/^[0-9a-f]{32}$/) }],
      ['refused', 403, { kind: 'service', id: 'key-7', name: 'Olga’s console' }],
      ['refused', 401, { kind: 'anonymous' }],
    ])
    expect(count.calls).toBe(0)
  })

  test('is counted where it is too often', async () => {
    const { call, records, ports } = audited()
    const stranger = { ...sent, caller: anonymous }
    for (let n = 0; n < 100; n++) await call(stranger)
    expect((await records({ limit: '500' })).items).toHaveLength(60)
    ports.advance(1000)
    await call(stranger)
    expect((await records({ limit: '1' })).items[0]).toMatchObject({ type: 'refused', not_recorded: 40 })
  })
})

describe('the list', () => {
  test('goes page by page over the days, whatever is recorded meanwhile', async () => {
    const { call, records, ports } = audited()
    const days = 3
    for (let day = 0; day < days; day++) {
      for (let n = 0; n < 4; n++) await call({ ...sent, path: { name: `${day}-${n}` } })
      ports.advance(86_400_000)
    }
    const all = (await records({ limit: '500' })).items
    expect(all).toHaveLength(24)
    const seen: unknown[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page = await records({ limit: '5', ...(cursor === '' ? {} : { cursor }) })
      seen.push(...page.items)
      cursor = page.next_cursor
      await call({ ...sent, path: { name: 'meanwhile' } })
    }
    expect(seen).toEqual(all)
  })

  test('is cut by time', async () => {
    const { call, records, ports } = audited()
    for (let hour = 0; hour < 48; hour++) {
      await call({ ...sent, path: { name: String(hour) } })
      ports.advance(3_600_000)
    }
    const { items } = await records({ from: '2026-01-01T23:00:00Z', to: '2026-01-02T02:00:00+01:00', limit: '500' })
    expect(items.map(({ path }) => path.name)).toEqual(['25', '25', '24', '24', '23', '23'])
  })
})

test('many at once go into few appends, each whole', async () => {
  const ports = memoryPorts()
  let appends = 0
  const counting = interceptedPorts(ports, async operation => {
    appends += 1
    await new Promise(setImmediate)
    return operation()
  })
  const { call, records } = audited({}, ports, { ...ports, blobs: counting.blobs })
  await Promise.all(Array.from({ length: 100 }, () => call(sent)))
  expect((await records({ limit: '500' })).items).toHaveLength(200)
  expect(appends).toBeLessThan(40)
})
