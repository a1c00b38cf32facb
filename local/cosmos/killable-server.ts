import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type Container, CosmosClient } from '@azure/cosmos'
import { emulatorKey } from './server.ts'

export interface KillableServer {
  url: string
  container: Container
  /** Ends it at once, as kill -9 does. */
  kill(): void
  isAlive(): boolean
  ended: Promise<void>
}

/** A server in a process of its own, and a container in it partitioned by /writer. */
export async function startKillable(stateDir: string): Promise<KillableServer> {
  const script = `
    import { startCosmos } from ${JSON.stringify(new URL('./server.ts', import.meta.url).href)}
    const server = await startCosmos({ port: 0, stateDir: ${JSON.stringify(stateDir)} })
    console.log(server.url)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  let alive = true
  const ended = once(child, 'exit').then(() => {
    alive = false
  })
  const [output] = await once(child.stdout, 'data')
  const url = String(output).trim()
  // Without endpoint discovery the SDK does not look for another region when the process is gone.
  const connectionPolicy = { enableEndpointDiscovery: false }
  const client = new CosmosClient({ endpoint: url, key: emulatorKey, connectionPolicy })
  const { database } = await client.databases.createIfNotExists({ id: 'durability' })
  const partitionKey = { paths: ['/writer'] }
  const { container } = await database.containers.createIfNotExists({ id: 'items', partitionKey })
  return {
    url,
    container,
    kill: () => {
      alive = false
      child.kill('SIGKILL')
    },
    isAlive: () => alive,
    ended: ended.then(() => client.dispose()),
  }
}
