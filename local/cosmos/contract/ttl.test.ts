import { afterAll, beforeAll, expect, vi } from 'vitest'
import { contract } from '../../contract.ts'
import { type AccountUnderTest, openAccount, refusal } from './account-under-test.ts'

const rule = contract({
  ttl: 'https://learn.microsoft.com/azure/cosmos-db/nosql/time-to-live',
  configure: 'https://learn.microsoft.com/azure/cosmos-db/nosql/how-to-time-to-live',
  limits: 'https://learn.microsoft.com/azure/cosmos-db/concepts-limits',
  indexing: 'https://learn.microsoft.com/azure/cosmos-db/index-policy',
})
const soon = { timeout: 10_000, interval: 100 }

let account: AccountUnderTest

beforeAll(async () => {
  account = await openAccount()
})

afterAll(() => account.close())

rule(
  'ttl',
  'an item whose own time is over is gone from reads, queries and the id space; the others stay',
  async () => {
    const container = await account.container({ defaultTtl: -1 })
    await container.items.create({ id: 'brief', shop: 'x', ttl: 1 })
    await container.items.create({ id: 'lasting', shop: 'x' })
    const item = container.item('brief', 'x')
    await vi.waitFor(async () => expect((await item.read()).statusCode).toBe(404), soon)
    expect((await container.items.query('SELECT VALUE c.id FROM c').fetchAll()).resources).toEqual(['lasting'])
    expect((await container.items.create({ id: 'brief', shop: 'x' })).statusCode).toBe(201)
  },
)

rule(
  'ttl',
  "a container's default applies to items without a time of their own; -1 keeps an item for ever",
  async () => {
    const container = await account.container({ defaultTtl: 1 })
    await container.items.create({ id: 'default', shop: 'x' })
    await container.items.create<object>({ id: 'forever', shop: 'x', ttl: -1 })
    const item = container.item('default', 'x')
    await vi.waitFor(async () => expect((await item.read()).statusCode).toBe(404), soon)
    expect((await container.item('forever', 'x').read()).statusCode).toBe(200)
  },
)

rule('ttl', "an item's own time counts for nothing while the container has none", async () => {
  const [off, on] = await Promise.all([account.container(), account.container({ defaultTtl: -1 })])
  await off.items.create({ id: 'a', shop: 'x', ttl: 1 })
  await on.items.create({ id: 'a', shop: 'x', ttl: 1 })
  const clock = on.item('a', 'x')
  await vi.waitFor(async () => expect((await clock.read()).statusCode).toBe(404), soon)
  expect((await off.item('a', 'x').read()).statusCode).toBe(200)
})

rule('ttl', 'a write of an item begins its time anew', async () => {
  const container = await account.container({ defaultTtl: 3 })
  await container.items.create({ id: 'renewed', shop: 'x' })
  const { resource: witness } = await container.items.create({ id: 'witness', shop: 'x' })
  const pause = await account.container({ defaultTtl: 2 })
  await pause.items.create({ id: 'clock', shop: 'x' })
  await vi.waitFor(async () => expect((await pause.item('clock', 'x').read()).statusCode).toBe(404), soon)
  const { resource: renewed } = await container.items.upsert({ id: 'renewed', shop: 'x', again: true })
  expect(renewed?._ts).toBeGreaterThan(witness?._ts ?? 0)
  await vi.waitFor(async () => expect((await container.item('witness', 'x').read()).statusCode).toBe(404), soon)
  expect((await container.item('renewed', 'x').read()).statusCode).toBe(200)
})

rule('configure', 'an item that is gone by its time cannot be replaced or patched', async () => {
  const container = await account.container({ defaultTtl: 1 })
  await container.items.create({ id: 'a', shop: 'x' })
  const item = container.item('a', 'x')
  await vi.waitFor(async () => expect((await item.read()).statusCode).toBe(404), soon)
  expect(await refusal(item.replace({ id: 'a', shop: 'x' }))).toMatchObject({ code: 404 })
  expect(await refusal(item.patch([{ op: 'set', path: '/n', value: 1 }]))).toMatchObject({ code: 404 })
})

for (const ttl of [0, -2, 1.5, 2_147_483_648]) {
  rule('limits', `a time to live of ${ttl} is refused`, async () => {
    const container = await account.container({ defaultTtl: -1 })
    expect(await refusal(container.items.create<object>({ id: 'ttl', shop: 'x', ttl }))).toMatchObject({ code: 400 })
    expect(await refusal(account.container({ defaultTtl: ttl }))).toMatchObject({ code: 400 })
  })
}

rule('indexing', 'a container with a time to live needs an index', async () => {
  const indexingPolicy = { indexingMode: 'none' as const, automatic: false }
  expect(await refusal(account.container({ defaultTtl: 60, indexingPolicy }))).toMatchObject({ code: 400 })
})
