import { type ChildProcess, fork } from 'node:child_process'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { parseStorageConnection, storageRequest } from '../host/storage/storage-account.ts'
import { compileCache } from '../project-root.ts'

export interface AzuritePorts {
  blobPort: number
  queuePort: number
  tablePort: number
}

const account = 'devstoreaccount1'
/** The well-known key of the storage emulator: public, the same everywhere. */
const key = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=='
const preload = new URL('./azurite-preload.ts', import.meta.url).href
/** It writes its state on SIGTERM, which takes well under a second; past this it does not end by itself. */
const killAfterMs = 10_000

export function azuriteConnectionString({ blobPort, queuePort }: AzuritePorts): string {
  return [
    'DefaultEndpointsProtocol=http',
    `AccountName=${account}`,
    `AccountKey=${key}`,
    `BlobEndpoint=http://127.0.0.1:${blobPort}/${account}`,
    `QueueEndpoint=http://127.0.0.1:${queuePort}/${account}`,
  ].join(';')
}

/** Azurite itself on given ports, once blobs and queues answer a signed request. */
export async function startAzuriteProcess(options: {
  ports: AzuritePorts
  stateDir: string | undefined
  readyWithinMs: number
}) {
  const { ports, readyWithinMs } = options
  const child = forkAzurite(options)
  let words = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString()).slice(-2000)
    })
  }
  let hasEnded = false
  const ended = new Promise<void>(resolve =>
    child.once('exit', () => {
      hasEnded = true
      resolve()
    }),
  )
  const close = async () => {
    if (!hasEnded) child.kill('SIGTERM')
    const killer = setTimeout(() => child.kill('SIGKILL'), killAfterMs)
    await ended
    clearTimeout(killer)
  }
  const connectionString = azuriteConnectionString(ports)
  const tooLate = Date.now() + readyWithinMs
  while (!(await serves(connectionString, readyWithinMs))) {
    const trouble = hasEnded ? 'ended before it was ready' : `was not ready within ${readyWithinMs} ms`
    if (hasEnded || Date.now() > tooLate) {
      child.kill('SIGKILL')
      await ended
      throw new Error(`Azurite ${trouble}: ${words.trim() || 'it said nothing'}`)
    }
    await wait(50)
  }
  return { pid: child.pid ?? 0, connectionString, close, ended }
}

function forkAzurite({ ports, stateDir }: { ports: AzuritePorts; stateDir: string | undefined }): ChildProcess {
  const entry = createRequire(import.meta.url).resolve('azurite/dist/src/azurite.js')
  const args = [
    ...['--silent', '--disableTelemetry', '--skipApiVersionCheck'],
    ...(stateDir === undefined ? ['--inMemoryPersistence'] : ['--location', stateDir]),
    ...['--blobHost', '127.0.0.1', '--blobPort', String(ports.blobPort)],
    ...['--queueHost', '127.0.0.1', '--queuePort', String(ports.queuePort)],
    ...['--tableHost', '127.0.0.1', '--tablePort', String(ports.tablePort)],
  ]
  const flags = ['--no-deprecation', '--disable-warning=ExperimentalWarning', '--max-semi-space-size=4']
  return fork(entry, args, {
    cwd: stateDir === undefined ? tmpdir() : process.cwd(),
    execArgv: [...flags, '--import', preload],
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Ctrl-C goes to the whole group: the stack itself stops Azurite, after the functions have drained.
    detached: true,
  })
}

/** Whether both services answer a signed request as they should: an open port says little. */
async function serves(connectionString: string, withinMs: number): Promise<boolean> {
  const storage = parseStorageConnection(connectionString, 'connectionString')
  const answers = (['blob', 'queue'] as const).map(async service => {
    const request = { service, method: 'GET', path: '', query: { comp: 'list', maxresults: 1 } } as const
    // Nothing may listen yet: that is an answer too.
    const { status } = await storageRequest(storage, request).catch(() => ({ status: 0 }))
    return status === 200
  })
  const late = wait(withinMs, false, { ref: false })
  return Promise.race([Promise.all(answers).then(all => all.every(Boolean)), late])
}
