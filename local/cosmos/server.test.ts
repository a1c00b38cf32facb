import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CosmosClient } from '@azure/cosmos'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AccountUnderTest, openAccount } from './contract/account-under-test.ts'
import { type CosmosServer, emulatorKey, startCosmos } from './server.ts'

let account: AccountUnderTest

beforeAll(async () => {
  account = await openAccount()
})

afterAll(() => account.close())

describe('the state folder', () => {
  let stateDir: string
  let server: CosmosServer

  beforeAll(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'cosmos-state-'))
    server = await startCosmos({ port: 0, stateDir })
  })

  afterAll(async () => {
    await server.close()
    await rm(stateDir, { recursive: true })
  })

  test('a taken port rejects with the original error', async () => {
    await expect(startCosmos({ port: server.port, stateDir })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })

  test('a state that another server has open is refused', async () => {
    await expect(startCosmos({ port: 0, stateDir })).rejects.toThrow('cannot be opened')
  })

  test('a server started again on the same state has everything, and its change numbers go on', async () => {
    const first = new CosmosClient({ endpoint: server.url, key: emulatorKey })
    const { database } = await first.databases.create({ id: 'shop' })
    const { container } = await database.containers.create({ id: 'items', partitionKey: { paths: ['/shop'] } })
    await container.items.create({ id: 'a', shop: 'x' })
    await container.items.create({ id: 'b', shop: 'x' })
    await container.item('b', 'x').delete()
    first.dispose()
    await server.close()
    server = await startCosmos({ port: 0, stateDir })
    const client = new CosmosClient({ endpoint: server.url, key: emulatorKey })
    const again = client.database('shop').container('items')
    expect((await again.item('a', 'x').read()).statusCode).toBe(200)
    const { headers } = await again.items.create({ id: 'c', shop: 'x' })
    expect(headers['x-ms-session-token']).toMatch(/^\d:-1#4$/)
    client.dispose()
  })
})
