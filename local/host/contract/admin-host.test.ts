import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, vi } from 'vitest'
import { contract } from '../../contract.ts'
import { type HostUnderTest, hostUnderTest } from './host-under-test.ts'

const rule = contract({
  keys: 'https://learn.microsoft.com/azure/azure-functions/function-keys-how-to',
  manual: 'https://learn.microsoft.com/azure/azure-functions/functions-manually-run-non-http',
  host: 'https://github.com/Azure/azure-functions-host/blob/dev/src/WebJobs.Script.WebHost/Controllers/HostController.cs',
  functions:
    'https://github.com/Azure/azure-functions-host/blob/dev/src/WebJobs.Script.WebHost/Controllers/FunctionsController.cs',
  levels:
    'https://github.com/Azure/azure-functions-host/blob/dev/src/WebJobs.Script.WebHost/Security/Authorization/AuthUtility.cs',
})

interface Described {
  name: string
  href: string
  invoke_url_template: string | null
  language: string
  isDisabled: boolean
  config: { bindings: { name: string; type: string }[] }
}

let host: HostUnderTest
beforeAll(async () => {
  host = await hostUnderTest()
})
afterAll(() => host.close())

const drainStatus = async () => (await host.admin('/admin/host/drain/status')).json()

rule('keys', 'the administration answers 401 without a key and with a wrong one', async () => {
  const headers = { 'x-functions-key': 'wrong' }
  for (const path of ['/admin/host/status', '/admin/functions', '/admin/host/keys', '/admin/host/drain/status']) {
    expect([(await host.call(path)).status, (await host.call(path, { headers })).status]).toEqual([401, 401])
  }
})
rule('levels', 'a key of too low a level is forbidden to administer: 403', async () => {
  const path = `/admin/host/keys/check-${randomUUID().slice(0, 8)}`
  const { value } = (await (await host.admin(path, { method: 'POST' })).json()) as { value: string }
  const response = await host.call('/admin/host/status', { headers: { 'x-functions-key': value } })
  await host.admin(path, { method: 'DELETE' })
  expect(response.status).toBe(403)
})
rule('keys', 'the master key may come in the query as code', async () => {
  expect((await host.call(`/admin/host/status?code=${encodeURIComponent(host.masterKey)}`)).status).toBe(200)
})
rule('host', 'the ping needs no key', async () => {
  const statuses = ['GET', 'POST'].map(async method => (await host.call('/admin/host/ping', { method })).status)
  expect(await Promise.all(statuses)).toEqual([200, 200])
})
rule('host', 'the status tells that the host runs, its id, version and uptime', async () => {
  expect(await (await host.admin('/admin/host/status')).json()).toMatchObject({
    id: expect.stringMatching(/^[a-z0-9-]+$/),
    state: 'Running',
    version: expect.stringMatching(/^4\./),
    processUptime: expect.any(Number),
  })
})
rule('host', 'paths match in any case, and what is no path of the administration is 404', async () => {
  expect((await host.admin('/Admin/Host/Status')).status).toBe(200)
  expect((await host.admin('/admin/host/nothing')).status).toBe(404)
  expect((await host.admin('/admin/host/status', { method: 'DELETE' })).status).toBe(404)
})
rule('functions', 'the functions are listed with address, language and bindings', async () => {
  const functions = (await (await host.admin('/admin/functions')).json()) as Described[]
  const ping = functions.find(({ name }) => name === 'ping')
  expect(ping).toMatchObject({
    href: `${host.url}/admin/functions/ping`,
    invoke_url_template: `${host.url}/api/ping`,
    language: 'node',
    isDisabled: false,
  })
  expect(ping?.config.bindings.map(({ type }) => type).sort()).toEqual(['http', 'httpTrigger'])
})
rule('functions', 'one function is described alone, under its name in any case', async () => {
  const response = await host.admin('/admin/functions/PING')
  expect([response.status, ((await response.json()) as Described).name]).toEqual([200, 'ping'])
  expect((await host.admin('/admin/functions/unknown')).status).toBe(404)
})
rule('functions', 'the status of a function without errors is empty', async () => {
  const response = await host.admin('/admin/functions/ping/status')
  expect([response.status, await response.json()]).toEqual([200, {}])
  expect((await host.admin('/admin/functions/unknown/status')).status).toBe(404)
})
rule(
  'manual',
  'a start by hand needs a body in JSON: 415 when it is something else, 400 when it is missing',
  async () => {
    const headers = { 'x-functions-key': host.masterKey }
    const path = '/admin/functions/tick'
    expect((await host.call(path, { method: 'POST', headers, body: '{}' })).status).toBe(415)
    expect((await host.call(path, { method: 'POST', headers })).status).toBe(400)
    expect((await host.adminJson('POST', path, [])).status).toBe(400)
  },
)
rule('functions', 'a function that is not there cannot be started by hand: 404', async () => {
  expect((await host.adminJson('POST', '/admin/functions/unknown', { input: '' })).status).toBe(404)
})
rule('manual', 'a start by hand needs the master key', async () => {
  const headers = { 'content-type': 'application/json' }
  const response = await host.call('/admin/functions/tick', { method: 'POST', headers, body: '{"input": ""}' })
  expect(response.status).toBe(401)
})
rule('host', 'draining is accepted, HTTP goes on, and resuming ends it', async () => {
  expect(await drainStatus()).toEqual({ state: 'Disabled', outstandingInvocations: 0, outstandingRetries: 0 })
  expect((await host.admin('/admin/host/drain', { method: 'POST' })).status).toBe(202)
  await vi.waitFor(async () => expect(await drainStatus()).toMatchObject({ state: 'Completed' }), 10_000)
  expect((await host.call('/api/ping')).status).toBe(200)
  const resumed = await host.admin('/admin/host/resume', { method: 'POST' })
  expect([resumed.status, await resumed.json()]).toEqual([200, { state: 'Running' }])
  expect(await drainStatus()).toMatchObject({ state: 'Disabled' })
})
rule('host', 'resuming a host that does not drain leaves it running', async () => {
  const resumed = await host.admin('/admin/host/resume', { method: 'POST' })
  expect([resumed.status, await resumed.json()]).toEqual([200, { state: 'Running' }])
})
rule('host', 'drain and resume are orders: a GET is not found', async () => {
  const statuses = ['drain', 'resume'].map(async order => (await host.admin(`/admin/host/${order}`)).status)
  expect(await Promise.all(statuses)).toEqual([404, 404])
})
