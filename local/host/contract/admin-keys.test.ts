import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { type HostUnderTest, hostUnderTest } from './host-under-test.ts'

const rule = contract({
  keys: 'https://learn.microsoft.com/azure/azure-functions/function-keys-how-to',
  controller:
    'https://github.com/Azure/azure-functions-host/blob/dev/src/WebJobs.Script.WebHost/Controllers/KeysController.cs',
})

let host: HostUnderTest
beforeAll(async () => {
  host = await hostUnderTest()
})
afterAll(() => host.close())

const send = async (method: string, path: string, body?: unknown) => {
  const response = body === undefined ? await host.admin(path, { method }) : await host.adminJson(method, path, body)
  const text = await response.text()
  return { status: response.status, json: text.startsWith('{') ? JSON.parse(text) : text }
}
const namesOf = async (path: string) =>
  ((await send('GET', path)).json.keys as { name: string }[]).map(({ name }) => name)
const link = (path: string) => ({ links: [{ rel: 'self', href: `${host.url}${path}` }] })

for (const scope of ['/admin/host/keys', '/admin/host/systemkeys', '/admin/functions/guarded/keys']) {
  rule('controller', `a key of ${scope} is made, read, renewed, set and deleted`, async () => {
    const name = `check-${randomUUID().slice(0, 8)}`
    const path = `${scope}/${name}`
    const made = await send('POST', path)
    expect(made).toEqual({ status: 201, json: { name, value: expect.stringMatching(/^.{32,}$/), ...link(path) } })
    expect(await send('GET', path)).toEqual({ status: 200, json: made.json })
    expect(await namesOf(scope)).toContain(name)
    const renewed = await send('POST', path)
    expect(renewed.status).toBe(200)
    expect(renewed.json.value).not.toBe(made.json.value)
    const set = await send('PUT', path, { name, value: 'of-my-own-choice' })
    expect([set.status, set.json.value]).toEqual([200, 'of-my-own-choice'])
    expect((await send('DELETE', path)).status).toBe(204)
    expect((await send('GET', path)).status).toBe(404)
    expect((await send('DELETE', path)).status).toBe(404)
  })
}
rule('controller', 'a key that is set and was not there is made: 201', async () => {
  const path = `/admin/host/keys/check-${randomUUID().slice(0, 8)}`
  const made = await send('PUT', path, { value: 'of-my-own-choice' })
  await send('DELETE', path)
  expect([made.status, made.json.value]).toEqual([201, 'of-my-own-choice'])
})
rule('keys', 'host and functions have a key called default', async () => {
  expect(await namesOf('/admin/host/keys')).toContain('default')
  expect(await namesOf('/admin/functions/guarded-too/keys')).toContain('default')
})
rule('controller', 'host/functionkeys is another name of host/keys', async () => {
  expect(await namesOf('/admin/host/functionkeys')).toEqual(await namesOf('/admin/host/keys'))
})
rule('controller', 'the list of keys says where it is', async () => {
  expect((await send('GET', '/admin/host/systemkeys')).json).toMatchObject(link('/admin/host/systemkeys'))
})
rule('controller', 'the master key is read among the system keys, but not listed', async () => {
  const { status, json } = await send('GET', '/admin/host/systemkeys/_master')
  expect([status, json.value]).toEqual([200, host.masterKey])
  expect(await namesOf('/admin/host/systemkeys')).not.toContain('_master')
  expect((await send('GET', '/admin/host/keys/_master')).status).toBe(404)
})
rule('controller', 'the master key may be set, and from then on the new one counts', async () => {
  const path = '/admin/host/systemkeys/_master'
  const withKey = (key: string, value: string) => ({
    method: 'PUT',
    headers: { 'x-functions-key': key, 'content-type': 'application/json' },
    body: JSON.stringify({ value }),
  })
  const other = `check-${randomUUID()}`
  expect((await host.call(path, withKey(host.masterKey, other))).status).toBe(200)
  expect((await host.admin('/admin/host/status')).status).toBe(401)
  expect((await host.call(path, withKey(other, host.masterKey))).status).toBe(200)
  expect((await host.admin('/admin/host/status')).status).toBe(200)
})
rule('controller', 'keys whose name begins with _ cannot be deleted: 400', async () => {
  expect(await send('DELETE', '/admin/host/keys/_master')).toEqual({ status: 400, json: 'Invalid key name.' })
})
rule('controller', 'a key cannot be set without a value: 400', async () => {
  expect(await send('PUT', '/admin/host/keys/check', { name: 'check' })).toEqual({
    status: 400,
    json: 'Invalid key value',
  })
})
rule('controller', 'a function that is not there has no keys: 404', async () => {
  expect((await send('GET', '/admin/functions/unknown/keys')).status).toBe(404)
  expect((await send('POST', '/admin/functions/unknown/keys/check')).status).toBe(404)
})
