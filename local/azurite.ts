import { fork } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { connect } from 'node:net'
import { compileCache } from './project-root.ts'

export interface Azurite {
  pid: number
  connectionString: string
  close(): Promise<void>
  /** Resolves when it ends, for whatever reason. */
  ended: Promise<void>
}

const account = 'devstoreaccount1'
/** The well-known key of the storage emulator: public, the same everywhere. */
const key = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=='
const preload = new URL('./azurite-preload.ts', import.meta.url).href

/** Starts Azurite (blobs, queues) as a child process; resolves when it answers. */
export async function startAzurite(options: {
  blobPort: number
  queuePort: number
  tablePort: number
  stateDir: string
}): Promise<Azurite> {
  const { blobPort, queuePort, tablePort, stateDir } = options
  mkdirSync(stateDir, { recursive: true })
  const entry = createRequire(import.meta.url).resolve('azurite/dist/src/azurite.js')
  const args = [
    ...['--silent', '--disableTelemetry', '--skipApiVersionCheck', '--location', stateDir],
    ...['--blobHost', '127.0.0.1', '--blobPort', String(blobPort)],
    ...['--queueHost', '127.0.0.1', '--queuePort', String(queuePort)],
    ...['--tableHost', '127.0.0.1', '--tablePort', String(tablePort)],
  ]
  const child = fork(entry, args, {
    execArgv: [
      '--no-deprecation',
      '--disable-warning=ExperimentalWarning',
      '--max-semi-space-size=4',
      '--import',
      preload,
    ],
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // Ctrl-C goes to the whole group: the stack itself stops Azurite, after the functions have drained.
    detached: true,
  })
  let complaints = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    complaints = (complaints + chunk.toString()).slice(-2000)
  })
  let hasEnded = false
  const ended = new Promise<void>(resolve =>
    child.once('exit', () => {
      hasEnded = true
      resolve()
    }),
  )
  for (const port of [blobPort, queuePort]) {
    while (!(await answers(port))) {
      if (hasEnded) throw new Error(`Azurite ended before it was ready: ${complaints.trim() || 'no reason was given'}`)
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }
  return {
    pid: child.pid ?? 0,
    connectionString: [
      'DefaultEndpointsProtocol=http',
      `AccountName=${account}`,
      `AccountKey=${key}`,
      `BlobEndpoint=http://127.0.0.1:${blobPort}/${account}`,
      `QueueEndpoint=http://127.0.0.1:${queuePort}/${account}`,
    ].join(';'),
    close: async () => {
      if (!hasEnded) child.kill('SIGTERM')
      await ended
    },
    ended,
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
