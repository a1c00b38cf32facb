import { spawn } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { CosmosClient } from '@azure/cosmos'
import { EventHubProducerClient } from '@azure/event-hubs'
import { BlobServiceClient } from '@azure/storage-blob'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { faultsClient } from './faults/faults-client.ts'
import { anyPort, freePort } from './ports.ts'
import { compileCache, projectRoot } from './project-root.ts'

let stateDir: string
beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'stack-'))
})
afterAll(() => rm(stateDir, { recursive: true }))

function run(...args: string[]) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'local/stack.ts', ...args], {
    cwd: projectRoot,
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const exit = new Promise<number | null>(resolve => child.once('exit', code => resolve(code)))
  return { child, exit, stdout: child.stdout, stderr: child.stderr }
}

/** What a command that ends by itself says. */
async function ended(...args: string[]) {
  const { exit, stdout, stderr } = run(...args)
  const [code, out, error] = await Promise.all([exit, text(stdout), text(stderr)])
  return { code, out, error: error.trim() }
}

/** The settings and the address of the faults that a server prints when it is ready. */
async function ready(...args: string[]) {
  const { child, exit, stdout } = run(...args, '--state', stateDir)
  let said = ''
  await new Promise<void>((resolve, reject) => {
    exit.then(code => reject(new Error(`Ended with ${code} before it was ready: ${said}`)))
    stdout.on('data', chunk => {
      said += String(chunk)
      if (/^Faults are changed/m.test(said)) resolve()
    })
  })
  const settings = Object.fromEntries(
    Array.from(said.matchAll(/^(\w+)=(.*)$/gm), ([, name = '', value = '']) => [name, value]),
  )
  const faults = faultsClient(/^Faults are changed at (.*)\/faults$/m.exec(said)?.[1] ?? '')
  const interrupt = () => {
    child.kill('SIGINT')
    return exit
  }
  return { settings, faults, interrupt }
}

describe('npm run stack', () => {
  test('--help tells of every server and option', async () => {
    const { code, out } = await ended('--help')
    expect(code).toBe(0)
    for (const part of ['cosmos', 'event-hubs', 'azurite', '--port', '--state', '--hub', '--faults-port', 'Ctrl-C']) {
      expect(out).toContain(part)
    }
  })

  test('without a server it shows the help, and fails', async () => {
    expect(await ended()).toMatchObject({ code: 1, out: expect.stringContaining('npm run stack -- cosmos') })
  })

  test('says what is wrong in one line, and fails', async () => {
    expect(await ended('kafka')).toEqual({
      code: 1,
      out: '',
      error: 'There is no server kafka: it must be cosmos, event-hubs or azurite',
    })
  })

  test.each([
    ['cosmos --port many', '--port must be a port number from 0 to 65535: current value is many'],
    [
      'event-hubs --port 0 --hub shop:99',
      '--hub must be NAME:PARTITIONS:GROUP,... with 1 to 32 partitions: current value is shop:99',
    ],
  ])('%s is refused before anything starts', async (line, message) => {
    expect(await ended(...line.split(' '))).toEqual({ code: 1, out: '', error: message })
  })

  test('a port that is taken is named, with one that is free', async () => {
    const port = await anyPort()
    const other = createServer().listen(port, '127.0.0.1')
    onTestFinished(() => void other.close())
    const { code, error } = await ended('cosmos', '--port', String(port))
    expect([code, error]).toEqual([1, expect.stringMatching(`^Port ${port} is taken. This one is free: --port \\d+$`)])
  })

  test('cosmos serves with the settings it prints, fails on request, keeps its state and ends on Ctrl-C', async () => {
    const first = await ready('cosmos', '--port', '0', '--faults-port', '0')
    const { COSMOS_ENDPOINT: endpoint = '', COSMOS_KEY: key = '' } = first.settings
    const client = new CosmosClient({ endpoint, key })
    await client.databases.create({ id: 'kept' })
    await first.faults.set([
      { match: { resource: 'databases', method: 'GET' }, action: { type: 'status', status: 403 } },
    ])
    await expect(client.database('kept').read()).rejects.toMatchObject({ code: 403 })
    client.dispose()
    expect(await first.interrupt()).toBe(0)
    const again = await ready('cosmos', '--port', '0', '--faults-port', '0')
    const other = new CosmosClient({ endpoint: again.settings.COSMOS_ENDPOINT ?? '', key })
    expect((await other.database('kept').read()).statusCode).toBe(200)
    other.dispose()
    expect(await again.interrupt()).toBe(0)
  })

  test('event-hubs serves the hubs it is told, fails on request, and ends on Ctrl-C', async () => {
    const server = await ready('event-hubs', '--port', '0', '--faults-port', '0', '--hub', 'one:2', '--hub', 'two:3')
    const connection = server.settings.EventHubConnection ?? ''
    const producers = ['one', 'two'].map(hub => new EventHubProducerClient(connection, hub))
    const partitions = await Promise.all(producers.map(producer => producer.getPartitionIds()))
    expect(partitions.map(({ length }) => length)).toEqual([2, 3])
    await server.faults.set([
      { match: { hub: 'one' }, action: { type: 'error', condition: 'amqp:not-allowed', description: 'Not this one' } },
    ])
    await expect(producers[0]?.sendBatch([{ body: 1 }])).rejects.toThrow('Not this one')
    await producers[1]?.sendBatch([{ body: 1 }])
    await Promise.all(producers.map(producer => producer.close()))
    expect(await server.interrupt()).toBe(0)
  })

  test('azurite serves blobs at its port, fails on request, and ends on Ctrl-C with its state kept', async () => {
    const port = await threeFreePorts()
    const server = await ready('azurite', '--port', String(port), '--faults-port', '0')
    const connection = server.settings.AzureWebJobsStorage ?? ''
    expect(connection).toContain(`BlobEndpoint=http://127.0.0.1:${port}/`)
    const blobs = BlobServiceClient.fromConnectionString(connection)
    await blobs.getContainerClient('kept').create()
    await server.faults.set([{ match: { path: 'kept' }, action: { type: 'status', status: 403 } }])
    await expect(blobs.getContainerClient('kept').getProperties()).rejects.toMatchObject({ statusCode: 403 })
    expect(await server.interrupt()).toBe(0)
    expect(await readdir(join(stateDir, 'azurite'))).toContain('__azurite_db_blob__.json')
  })
})

async function threeFreePorts(): Promise<number> {
  for (let from = 20_000 + (process.pid % 20_000); ; from += 3) {
    const first = await freePort(from)
    const [second, third] = [await freePort(first + 1), await freePort(first + 2)]
    if (second === first + 1 && third === first + 2) return first
  }
}
