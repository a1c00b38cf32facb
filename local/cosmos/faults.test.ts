import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { cosmosFaults } from '../faults/fault-plan.ts'
import { faultsClient } from '../faults/faults-client.ts'
import { startFaultsServer } from '../faults/faults-server.ts'
import { type AccountUnderTest, openAccount, refusal } from './contract/account-under-test.ts'

const plan = cosmosFaults()
let account: AccountUnderTest
beforeAll(async () => {
  account = await openAccount({ faults: plan })
})
afterAll(() => account.close())
beforeEach(() => plan.clear())

const throttled = { type: 'status', status: 429, substatus: 3200, retryAfterMs: 5 }

describe('faults of Cosmos', () => {
  test('the SDK waits out a 429 as long as the answer asks it to', async () => {
    const container = await account.container()
    plan.set([{ match: { operation: 'create' }, action: { ...throttled, retryAfterMs: 40 }, script: [{ fail: 2 }] }])
    const started = performance.now()
    const { statusCode, diagnostics } = await container.items.create({ id: 'a', shop: 's' })
    expect(statusCode).toBe(201)
    expect(performance.now() - started).toBeGreaterThanOrEqual(79)
    expect(diagnostics.clientSideRequestStatistics.retryDiagnostics.failedAttempts.map(one => one.statusCode)).toEqual([
      429, 429,
    ])
  })

  test('the SDK gives up after nine retries of a 429, with its substatus', async () => {
    const container = await account.container()
    plan.set([{ match: { operation: 'upsert' }, action: throttled }])
    expect(await refusal(container.items.upsert({ id: 'a', shop: 's' }))).toMatchObject({ code: 429, substatus: 3200 })
    expect(plan.read()).toMatchObject([{ matched: 10, applied: 10 }])
    plan.clear()
    expect((await container.items.readAll().fetchAll()).resources).toEqual([])
  })

  test('a create whose acknowledgement is lost has happened: sent again, it meets itself with a 409', async () => {
    const container = await account.container()
    plan.set([{ match: { operation: 'create' }, action: { type: 'drop', when: 'after' }, times: 1 }])
    await expect(container.items.create({ id: 'a', shop: 's' })).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(await refusal(container.items.create({ id: 'a', shop: 's' }))).toMatchObject({ code: 409 })
  })

  test('a create cut off before the work has not happened', async () => {
    const container = await account.container()
    plan.set([{ match: { operation: 'create' }, action: { type: 'drop', when: 'before' }, times: 1 }])
    await expect(container.items.create({ id: 'a', shop: 's' })).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect((await container.items.create({ id: 'a', shop: 's' })).statusCode).toBe(201)
  })

  test('the SDK reads again by itself when a connection is cut', async () => {
    const container = await account.container()
    await container.items.create({ id: 'a', shop: 's' })
    plan.set([{ match: { operation: 'read', item: 'a' }, action: { type: 'drop' }, times: 1 }])
    expect((await container.item('a', 's').read()).resource).toMatchObject({ id: 'a' })
    expect(plan.read()).toMatchObject([{ matched: 2, applied: 1 }])
  })

  test('hit the operations they name and no others', async () => {
    const container = await account.container()
    const kept = await account.container()
    const asked = ['query', 'batch', 'patch', 'replace', 'delete', 'read', 'create', 'change-feed']
    plan.set(
      asked.map(operation => ({
        match: { operation, resource: 'items', container: container.id },
        action: { type: 'status', status: 400 },
      })),
    )
    const refused = { code: 400 }
    const query = { query: 'SELECT * FROM c WHERE c.shop = @shop', parameters: [{ name: '@shop', value: 's' }] }
    expect(await refusal(container.items.query(query, { partitionKey: 's' }).fetchAll())).toMatchObject(refused)
    const create = { operationType: 'Create' as const, resourceBody: { id: 'b', shop: 's' } }
    expect(await refusal(container.items.batch([create], 's'))).toMatchObject(refused)
    expect(await refusal(container.items.create({ id: 'a', shop: 's' }))).toMatchObject(refused)
    const item = container.item('a', 's')
    for (const call of [
      () => item.patch([{ op: 'add', path: '/n', value: 1 }]),
      () => item.replace({ id: 'a', shop: 's' }),
      () => item.delete(),
      () => item.read(),
      () => container.items.readAll().fetchAll(),
      () => container.items.getChangeFeedIterator().readNext(),
    ]) {
      expect(await refusal(call())).toMatchObject(refused)
    }
    expect((await container.items.upsert({ id: 'a', shop: 's' })).statusCode).toBe(201)
    expect((await kept.items.create({ id: 'a', shop: 's' })).statusCode).toBe(201)
    // The SDK reads all items by a query.
    const applied = plan.read().map(({ rule, applied }) => [rule.match.operation, applied])
    expect(Object.fromEntries(applied)).toMatchObject({ query: 2, batch: 1, patch: 1, replace: 1, delete: 1 })
  })

  test('refuse new connections, while those that stand go on', async () => {
    const container = await account.container()
    plan.set([{ action: { type: 'refuse' } }])
    expect((await container.items.create({ id: 'a', shop: 's' })).statusCode).toBe(201)
    // The SDK goes on with the connection it has; a new one is a socket.
    await expect(newConnection()).rejects.toMatchObject({ code: expect.stringMatching(/^(ECONNRESET|EPIPE)$/) })
    plan.clear()
    expect(await newConnection()).toMatch(/^HTTP\/1\.1 401 /)
  })

  test('hold an answer back for the time they say', async () => {
    const container = await account.container()
    plan.set([{ match: { operation: 'create' }, action: { type: 'delay', ms: [60, 80], when: 'after' } }])
    const started = performance.now()
    await container.items.create({ id: 'a', shop: 's' })
    expect(performance.now() - started).toBeGreaterThanOrEqual(59)
  })
})

describe('the control server', () => {
  test('sets, adds, reads and clears rules, and refuses wrong ones with field and value', async () => {
    const control = await startFaultsServer(plan, 0)
    const faults = faultsClient(control.url)
    const container = await account.container()
    await faults.set([{ match: { operation: 'create' }, action: { type: 'status', status: 403 }, times: 1 }])
    await faults.add([{ match: { operation: 'read' }, action: { type: 'drop' } }])
    expect(await refusal(container.items.create({ id: 'a', shop: 's' }))).toMatchObject({ code: 403 })
    expect(await faults.read()).toMatchObject([
      { rule: { match: { operation: 'create' } }, matched: 1, applied: 1 },
      { rule: { match: { operation: 'read' } }, matched: 0, applied: 0 },
    ])
    await expect(faults.add([{ action: { type: 'status', status: 7 } }])).rejects.toThrow(
      'rules[0].action.status: Too small: expected number to be >=400: current value is 7',
    )
    await faults.clear()
    expect(await faults.read()).toEqual([])
    expect((await fetch(`${control.url}/rules`)).status).toBe(404)
    await control.close()
  })
})

async function newConnection(): Promise<string> {
  const socket = connect(Number(new URL(account.endpoint).port), '127.0.0.1')
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  const [data] = await once(socket, 'data')
  socket.destroy()
  return String(data)
}
