import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export interface TestAzurite {
  connectionString: string
  stop(): Promise<void>
}

/** Azurite in memory on free ports, for the tests of this folder. */
export async function startTestAzurite(): Promise<TestAzurite> {
  const [blob, queue, table] = await Promise.all([freePort(), freePort(), freePort()])
  const folder = await mkdtemp(join(tmpdir(), 'host-azurite-'))
  const entry = join(dirname(createRequire(import.meta.url).resolve('azurite/package.json')), 'dist/src/azurite.js')
  const ports = ['--blobPort', `${blob}`, '--queuePort', `${queue}`, '--tablePort', `${table}`]
  const flags = ['--silent', '--disableTelemetry', '--skipApiVersionCheck', '--inMemoryPersistence']
  const child = spawn(process.execPath, [entry, ...flags, ...ports], { cwd: folder, stdio: 'ignore' })
  const name = 'devstoreaccount1'
  const key = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=='
  const endpoint = (port: number) => `http://127.0.0.1:${port}/${name}`
  await Promise.all([blob, queue].map(port => answers(endpoint(port))))
  return {
    connectionString: `DefaultEndpointsProtocol=http;AccountName=${name};AccountKey=${key};BlobEndpoint=${endpoint(blob)};QueueEndpoint=${endpoint(queue)};`,
    stop: async () => {
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function answers(url: string): Promise<void> {
  const end = Date.now() + 30_000
  while (Date.now() < end) {
    const response = await fetch(url).catch(() => undefined)
    if (response !== undefined) return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  throw new Error(`Azurite did not answer at ${url} within 30 s`)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
