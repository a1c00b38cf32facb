import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CosmosClient } from '@azure/cosmos'
import { expect, test } from 'vitest'
import { emulatorKey } from './server.ts'

const ROUNDS = 3
const ACKNOWLEDGED_BEFORE_KILL = 150

test('no acknowledged write is lost when the server is killed in the middle of writing', async () => {
  const stateDir = await mkdtemp(join(tmpdir(), 'cosmos-kill-'))
  const acknowledged = new Map<string, number>()
  for (let round = 1; round <= ROUNDS; round++) {
    const { child, client, container } = await start(stateDir)
    await expectAll(container, acknowledged)
    const target = acknowledged.size + ACKNOWLEDGED_BEFORE_KILL
    const writers = Array.from({ length: 16 }, async (_, writer) => {
      for (let n = 0; ; n++) {
        const id = `${round}-${writer}-${n}`
        await container.items.upsert({ id, shop: `s${n % 5}`, round })
        acknowledged.set(id, n % 5)
        if (acknowledged.size >= target) child.kill('SIGKILL')
      }
    })
    const ends = await Promise.allSettled(writers)
    expect(ends.every(end => end.status === 'rejected')).toBe(true)
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    client.dispose()
  }
  const { child, client, container } = await start(stateDir)
  await expectAll(container, acknowledged)
  client.dispose()
  child.kill('SIGKILL')
  await once(child, 'exit')
  await rm(stateDir, { recursive: true })
}, 60_000)

async function start(stateDir: string) {
  const script = `
    import { startCosmos } from ${JSON.stringify(new URL('./server.ts', import.meta.url).href)}
    const server = await startCosmos({ port: 0, stateDir: ${JSON.stringify(stateDir)} })
    console.log(server.url)`
  const child: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (!child.stdout) throw new Error('The server has no output')
  const [url] = await once(child.stdout, 'data')
  const client = new CosmosClient({
    endpoint: String(url).trim(),
    key: emulatorKey,
    connectionPolicy: { enableEndpointDiscovery: false },
  })
  const { database } = await client.databases.createIfNotExists({ id: 'shop' })
  const { container } = await database.containers.createIfNotExists({ id: 'items', partitionKey: { paths: ['/shop'] } })
  return { child, client, container }
}

async function expectAll(
  container: Awaited<ReturnType<typeof start>>['container'],
  acknowledged: ReadonlyMap<string, number>,
): Promise<void> {
  const { resources } = await container.items.query('SELECT VALUE c.id FROM c').fetchAll()
  const stored = new Set(resources)
  expect([...acknowledged.keys()].filter(id => !stored.has(id))).toEqual([])
}
