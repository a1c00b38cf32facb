import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestApp, type TestAppHost } from '../test-app-host.ts'

// What Azure leaves hanging until its front end gives up: see Azure/azure-functions-nodejs-library, issue 324.

let host: TestAppHost
beforeAll(async () => {
  host = await startTestApp({}, { appDir, answerMsMax: 3_000 })
})
afterAll(() => host.drain())

const appDir = fileURLToPath(new URL('../test-app-stream/', import.meta.url))
const call = (path: string, init?: RequestInit) => fetch(`${host.url}/api/${path}`, init)
const open = (gate: string) => call(`open?gate=${gate}`, { method: 'POST' })
const errors = () => host.events.flatMap(event => (event.type === 'log' && event.level === 'error' ? [event] : []))

describe('a function of an app with HTTP streams', () => {
  test.each([{}, { method: 'POST', body: 'unread' }])('that throws on %j answers 500 and is logged', async init => {
    const response = await call('throws', init)
    expect([response.status, await response.text()]).toEqual([500, ''])
    await host.until(() => errors().some(({ message }) => message.includes('thrown on purpose')))
  })
  test('that returns nothing answers 500, and the log says why', async () => {
    expect((await call('nothing')).status).toBe(500)
    await host.until(() => errors().some(({ message }) => message.startsWith('Function "nothing" returned nothing')))
  })
  test('whose answer fails on the way has it cut, so that the client sees it', async () => {
    const gate = randomUUID()
    const response = await call(`breaks?gate=${gate}`)
    expect(response.status).toBe(200)
    await open(gate)
    await expect(response.text()).rejects.toThrow()
  })
  test('that takes longer than the front end waits answers 502 and goes on', async () => {
    const gate = randomUUID()
    const response = await call(`hold?gate=${gate}`, { method: 'POST', body: 'short' })
    expect(response.status).toBe(502)
    await open(gate)
    await host.until(async () => (await (await call(`seen?gate=${gate}`)).text()) === 'complete')
  })
  test('whose answer has begun may take longer than the front end waits', async () => {
    const gate = randomUUID()
    const response = await call(`pour?chunks=1&bytes=5&gate=${gate}`)
    // Another answer is given up meanwhile.
    await call(`hold?gate=${gate}`, { method: 'POST', body: 'x' })
    await open(gate)
    await open(`${gate}-0`)
    expect((await response.arrayBuffer()).byteLength).toBe(5)
  })
})
