import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestApp, type TestAppHost, testAppDir } from './test-app-host.ts'

let host: TestAppHost
beforeAll(async () => {
  host = await startTestApp()
})
afterAll(() => host.drain())
const get = (path: string, init?: RequestInit) => fetch(`${host.url}${path}`, init)
const logs = () => host.events.flatMap(event => (event.type === 'log' ? [event] : []))

describe('HTTP functions', () => {
  test('that throw are logged with the function, and so is what they wrote to the console', async () => {
    expect((await get('/api/throws')).status).toBe(500)
    await host.until(() => logs().some(({ message }) => message === 'said on the console'))
    const ofFunction = logs().filter(({ functionName }) => functionName === 'throws')
    expect(ofFunction.map(({ message }) => message.split('\n')[0])).toEqual([
      'about to throw',
      expect.stringMatching(/^Executed 'Functions\.throws' \(Failed, Id=.*, Duration=\d+ms\)$/),
    ])
    expect(ofFunction.at(-1)?.message).toContain('\nException: thrown on purpose\nStack: Error: thrown on purpose\n')
  })
  test('run behind the appStart hook', async () => {
    expect(await host.records<{ hook: string }>('hooks')).toMatchObject([{ hook: 'appStart' }])
  })
  test('successful ones leave no log line', async () => {
    const before = logs().length
    await get('/api/ping')
    await get('/api/ping')
    expect(logs().length).toBe(before)
  })
  test('with an answer that no header can hold answer 500, and the reason is logged', async () => {
    const cookies = [{ name: 'seen', value: 'yes', domain: 'a\nb' }]
    const answer = await get('/api/answer', { method: 'POST', body: JSON.stringify({ cookies }) })
    expect(answer.status).toBe(500)
    await host.until(() => logs().some(({ message }) => message.startsWith('POST /api/answer cannot be answered')))
  })
  test('started by hand are told to be called instead', async () => {
    const headers = { 'x-functions-key': host.masterKey, 'content-type': 'application/json' }
    const response = await get('/admin/functions/ping', { method: 'POST', headers, body: '{}' })
    expect([response.status, await response.text()]).toEqual([
      400,
      'Function "ping" is started by HTTP requests: call it at /api/ping',
    ])
  })
})

describe('settings of the app', () => {
  let other: TestAppHost
  beforeAll(async () => {
    other = await startTestApp(
      { FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '10', AzureWebJobsDisableHomepage: 'true' },
      { answerMsMax: 200 },
    )
  })
  afterAll(() => other.drain())
  test('an answer that takes longer than the front end waits is a 502, and the function goes on', async () => {
    const slow = await fetch(`${other.url}/api/slow?ms=600`)
    expect([slow.status, await slow.text(), slow.headers.get('connection')]).toEqual([502, '', 'close'])
    await other.until(async () => (await other.records('slow')).length === 1)
  })
  test('AzureWebJobsDisableHomepage leaves the address of the app without a page', async () => {
    await other.until(async () => (await fetch(other.url)).status === 204)
  })
  test('a body beyond FUNCTIONS_REQUEST_BODY_SIZE_LIMIT is refused with 413', async () => {
    const send = (body: string) => fetch(`${other.url}/api/bytes`, { method: 'POST', body })
    await other.until(async () => (await send('0123456789')).status === 200)
    expect((await send('0123456789a')).status).toBe(413)
  })
})

describe('startHost()', () => {
  test('tells functions, routes and scale groups', () => {
    expect(host.functions.find(({ name }) => name === 'echo')).toEqual({
      name: 'echo',
      type: 'http',
      route: 'api/echo/{id:int}/{name?}',
      methods: ['GET', 'POST', 'PUT'],
      scaleGroup: 'http',
    })
    expect(host.workers().map(({ group }) => group)).toEqual(['http'])
  })
  test('starts a killed worker again on the same port', async () => {
    const before = host.pidOf('http')
    process.kill(before, 'SIGKILL')
    await host.until(async () => (await get('/api/ping').catch(() => undefined))?.status === 200)
    expect(host.pidOf('http')).not.toBe(before)
    expect(host.events).toContainEqual(expect.objectContaining({ type: 'exited', pid: before, restartInMs: 100 }))
  })
  test('a taken port is an error with code and port', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    await expect(startTestApp({}, { port })).rejects.toMatchObject({ code: 'EADDRINUSE', port })
    taken.close()
  })
  test('an app that throws while it loads fails the start with its error', async () => {
    await expect(startTestApp({ TEST_LOAD_ERROR: 'broken at load' })).rejects.toThrow(
      'Worker was unable to load entry point "main.cjs": broken at load',
    )
  })
  test('a missing setting fails the start with its name', async () => {
    const noStorage = { 'AzureWebJobs.tick.Disabled': 'false', TICK_SCHEDULE: '0 * * * * *' }
    await expect(startTestApp(noStorage)).rejects.toThrow('Setting "AzureWebJobsStorage" must hold')
    const storage = { AzureWebJobsStorage: 'UseDevelopmentStorage=true', TICK_SCHEDULE: '0 * * * * *' }
    await expect(startTestApp(storage)).rejects.toThrow('needs the setting "WORK_QUEUE"')
  })
})

describe('ends', () => {
  test('drain() lets a running invocation finish and takes no new one', async () => {
    const stateDir = await mkdtemp(join(tmpdir(), 'host-drain-'))
    const other = await startTestApp({}, { stateDir })
    const slow = fetch(`${other.url}/api/slow?ms=700`)
    await other.until(async () => (await fetch(`${other.url}/api/ping`)).status === 200)
    const drained = other.drain()
    await other.until(async () => (await fetch(`${other.url}/api/ping`).catch(() => undefined)) === undefined)
    expect(await (await slow).text()).toBe('done')
    await drained
    expect(other.workers()).toEqual([])
    expect(await other.records('hooks')).toMatchObject([{ hook: 'appStart' }, { hook: 'appTerminate' }])
    await rm(stateDir, { recursive: true, force: true })
  })
  test('functionTimeout restarts the worker, also when the function blocks it', async () => {
    const other = await startTestApp()
    for (const path of ['slow', 'block']) {
      const before = other.pidOf('http')
      const answer = await fetch(`${other.url}/api/${path}?ms=20000`).catch(() => undefined)
      expect(answer?.status ?? 500).toBe(500)
      await other.until(() => other.workers().some(({ pid }) => pid !== before))
      await other.until(async () => (await fetch(`${other.url}/api/ping`).catch(() => undefined))?.status === 200)
    }
    await other.drain()
  }, 30_000)
  test('workers end when their supervisor dies', async () => {
    const hostModule = new URL('./host.ts', import.meta.url).href
    const options = { appDir: testAppDir, stateDir: host.stateDir, port: 0, quiet: true, settings: host.settings }
    const script = `
      import { startHost } from ${JSON.stringify(hostModule)}
      const host = await startHost(${JSON.stringify(options)})
      process.stdout.write(String(host.workers()[0].pid), () => process.kill(process.pid, 'SIGKILL'))`
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
    const pid = Number(stdout)
    expect(pid).toBeGreaterThan(0)
    await host.until(() => !isRunning(pid))
  })
})

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    // No such process: that is the answer asked for.
    return false
  }
}
