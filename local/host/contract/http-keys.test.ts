import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { type HostUnderTest, hostUnderTest } from './host-under-test.ts'

const rule = contract({
  keys: 'https://learn.microsoft.com/azure/azure-functions/function-keys-how-to',
  trigger: 'https://learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook-trigger',
  handler:
    'https://github.com/Azure/azure-functions-host/blob/dev/src/WebJobs.Script.WebHost/Security/Authentication/Keys/AuthenticationLevelHandler.cs',
  levels:
    'https://github.com/Azure/azure-functions-host/blob/dev/src/WebJobs.Script.WebHost/Security/Authorization/AuthUtility.cs',
})

let host: HostUnderTest
const made: string[] = []
beforeAll(async () => {
  host = await hostUnderTest()
})
afterEach(async () => {
  for (const path of made.splice(0)) await host.admin(path, { method: 'DELETE' })
})
afterAll(() => host.close())

/** A fresh key of a scope such as host/keys; it is removed behind the check. */
async function newKey(scope: string): Promise<string> {
  const path = `/admin/${scope}/check-${randomUUID().slice(0, 8)}`
  made.push(path)
  const response = await host.admin(path, { method: 'POST' })
  expect(response.status).toBe(201)
  const { value } = (await response.json()) as { value: string }
  return value
}
const status = async (path: string, key?: string) =>
  (await host.call(path, key === undefined ? {} : { headers: { 'x-functions-key': key } })).status

rule('trigger', 'a function of level anonymous asks for no key, and a wrong one does no harm', async () => {
  expect([await status('/api/ping'), await status('/api/ping', 'wrong')]).toEqual([200, 200])
})
rule('trigger', 'a function of level function answers 401 without a key and with a wrong one', async () => {
  expect([await status('/api/guarded'), await status('/api/guarded', 'wrong')]).toEqual([401, 401])
})
rule('keys', 'a host key opens every function of level function', async () => {
  const key = await newKey('host/keys')
  expect([await status('/api/guarded', key), await status('/api/guarded-too', key)]).toEqual([200, 200])
})
rule('keys', 'a function key opens its own function only', async () => {
  const key = await newKey('functions/guarded/keys')
  expect([await status('/api/guarded', key), await status('/api/guarded-too', key)]).toEqual([200, 401])
})
rule('keys', 'the default key of a function opens it', async () => {
  const { value } = (await (await host.admin('/admin/functions/guarded/keys/default')).json()) as { value: string }
  expect(await status('/api/guarded', value)).toBe(200)
})
rule('keys', 'the master key opens functions of every level', async () => {
  const key = host.masterKey
  expect([await status('/api/guarded', key), await status('/api/guarded-admin', key)]).toEqual([200, 200])
})
rule('trigger', 'a function of level admin is opened by the master key only', async () => {
  const keys = [await newKey('host/keys'), await newKey('functions/guarded-admin/keys'), undefined]
  for (const key of keys) expect(await status('/api/guarded-admin', key)).toBe(401)
})
rule('levels', 'a system key opens no function', async () => {
  const key = await newKey('host/systemkeys')
  expect([await status('/api/guarded', key), await status('/api/guarded-admin', key)]).toEqual([401, 401])
})
rule('trigger', 'a key may come in the query as code', async () => {
  expect(await status(`/api/guarded?code=${encodeURIComponent(await newKey('host/keys'))}`)).toBe(200)
})
rule('handler', 'the header goes before the query', async () => {
  const key = encodeURIComponent(await newKey('host/keys'))
  expect(await status(`/api/guarded?code=${key}`, 'wrong')).toBe(401)
})
rule('keys', 'a key that was deleted opens nothing any more', async () => {
  const key = await newKey('host/keys')
  const [path = ''] = made
  expect((await host.admin(path, { method: 'DELETE' })).status).toBe(204)
  expect(await status('/api/guarded', key)).toBe(401)
})
rule('handler', 'a path without a function is 404, whatever the key', async () => {
  expect([await status('/api/unknown'), await status('/api/unknown', host.masterKey)]).toEqual([404, 404])
})
