import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bodyBytesMax } from './http/http-listener.ts'
import { startTestApp, type TestAppHost, testAppDir } from './test-app-host.ts'

let host: TestAppHost
beforeAll(async () => {
  host = await startTestApp()
})
afterAll(() => host.drain())
const get = (path: string, init?: RequestInit) => fetch(`${host.url}${path}`, init)
const logs = () => host.events.flatMap(event => (event.type === 'log' ? [event] : []))

describe('HTTP functions', () => {
  test('receive method, parameters, query, headers and the bytes of the body', async () => {
    const body = Buffer.from([0, 255, 128])
    const response = await get('/api/echo/12/a%20b?q=1&q=2&empty', {
      method: 'PUT',
      body,
      headers: { 'x-test': 'yes' },
    })
    expect(await response.json()).toEqual({
      url: `${host.url}/api/echo/12/a%20b?q=1&q=2&empty`,
      params: { id: '12', name: 'a b' },
      query: { q: '1,2', empty: '' },
      header: 'yes',
      body: '00ff80',
    })
  })
  test('answer with status, headers and cookies', async () => {
    const response = await get('/api/echo/1')
    expect(response.status).toBe(201)
    expect(response.headers.get('x-method')).toBe('GET')
    expect(response.headers.get('x-invocation')).toMatch(/^[0-9a-f-]{36}$/)
    expect(response.headers.getSetCookie()).toEqual(['seen=a%20b; max-age=60; path=/; samesite=lax; httponly'])
  })
  test('answer with the bytes of a body', async () => {
    const response = await get('/api/bytes', { method: 'POST', body: Buffer.from([1, 0, 254]) })
    expect(response.headers.get('content-type')).toBe('image/png')
    expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.from([1, 0, 254]))
  })
  test('receive a chunked body whole', async () => {
    const chunks = new ReadableStream({
      start(controller) {
        for (const part of ['one ', 'two']) controller.enqueue(Buffer.from(part))
        controller.close()
      },
    })
    const init = { method: 'POST', body: chunks, duplex: 'half' } as RequestInit
    expect(await (await get('/api/bytes', init)).text()).toBe('one two')
  })
  test('that return nothing answer 204', async () => {
    expect((await get('/api/nothing')).status).toBe(204)
  })
  test('are tried in alphabetical order of their names', async () => {
    expect(await (await get('/api/files/special')).text()).toBe('special')
  })
  test.each([
    ['/api/unknown', 'GET'],
    ['/api/echo/not-a-number', 'GET'],
    ['/api/ping', 'POST'],
    ['/ping', 'GET'],
  ])('leave %s by %s unmatched: 404 without a body', async (path, method) => {
    const response = await get(path, { method })
    expect([response.status, await response.text()]).toEqual([404, ''])
  })
  test('that throw answer 500 without a body, and the error is logged with the function', async () => {
    const response = await get('/api/throws')
    expect([response.status, await response.text()]).toEqual([500, ''])
    await host.until(() => logs().some(({ message }) => message === 'said on the console'))
    const ofFunction = logs().filter(({ functionName }) => functionName === 'throws')
    expect(ofFunction.map(({ message }) => message.split('\n')[0])).toEqual([
      'about to throw',
      expect.stringMatching(/^Executed 'Functions\.throws' \(Failed, Id=.*, Duration=\d+ms\)$/),
    ])
    expect(ofFunction.at(-1)?.message).toContain('\nException: thrown on purpose\nStack: Error: thrown on purpose\n')
  })
  test('of level function need a key: the header goes before the query', async () => {
    const keys = JSON.parse(await readFile(join(host.stateDir, 'host-keys.json'), 'utf8'))
    const status = async (query: string, header?: string) =>
      (await get(`/api/guarded${query}`, header === undefined ? {} : { headers: { 'x-functions-key': header } })).status
    expect(await status('')).toBe(401)
    expect(await status('', keys.functionKeys.default)).toBe(200)
    expect(await status(`?code=${keys.functionKeys.default}`)).toBe(200)
    expect(await status(`?code=${keys.master}`)).toBe(200)
    expect(await status(`?code=${keys.master}`, 'wrong')).toBe(401)
  })
  test('pass through the hooks of the app', async () => {
    expect((await get('/api/ping')).headers.get('x-hooked')).toBe('yes')
    expect(await host.records<{ hook: string }>('hooks')).toMatchObject([{ hook: 'appStart' }])
  })
  test('refuse a body of more than 100 MB with 413', async () => {
    const socket = connect(host.port, '127.0.0.1')
    socket.write(`POST /api/bytes HTTP/1.1\r\nhost: x\r\ncontent-length: ${bodyBytesMax + 1}\r\n\r\n`)
    const [data] = await once(socket, 'data')
    socket.destroy()
    expect(String(data)).toMatch(/^HTTP\/1\.1 413 /)
  })
  test('successful ones leave no log line', async () => {
    const before = logs().length
    await get('/api/ping')
    await get('/api/ping')
    expect(logs().length).toBe(before)
  })
})

describe('admin', () => {
  test('GET /admin/host/status tells that the host runs', async () => {
    expect(await (await get('/admin/host/status')).json()).toMatchObject({ id: 'host-test-app', state: 'Running' })
  })
  test('GET /admin/functions lists the functions with their bindings', async () => {
    const functions = (await (await get('/admin/functions')).json()) as { name: string; invoke_url_template?: string }[]
    expect(functions.find(({ name }) => name === 'ping')).toMatchObject({
      invoke_url_template: `${host.url}/api/ping`,
      config: {
        bindings: [
          { type: 'httpTrigger', methods: ['GET'] },
          { type: 'http', name: '$return' },
        ],
      },
    })
  })
  test('POST /admin/functions/NAME says why it cannot start a function', async () => {
    expect((await get('/admin/functions/unknown', { method: 'POST' })).status).toBe(404)
    const response = await get('/admin/functions/ping', { method: 'POST' })
    expect([response.status, await response.json()]).toEqual([
      400,
      { message: 'Function "ping" is called over HTTP: only functions with other triggers start by hand' },
    ])
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
    await expect(startTestApp({ TEST_LOAD_ERROR: 'broken at load' })).rejects.toThrow('broken at load')
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
