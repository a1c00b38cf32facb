import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { z } from 'zod'
import { compileCache, projectRoot } from './project-root.ts'

export interface ServerProcess {
  name: string
  pid: number
  settings: Record<string, string>
  /** Where its faults are changed; undefined when it shows none. */
  faultsUrl: string | undefined
  close(): Promise<void>
  /** Resolves when it ends, for whatever reason. */
  ended: Promise<void>
}

const Ready = z.object({
  type: z.literal('ready'),
  settings: z.record(z.string(), z.string()),
  faultsUrl: z.string().optional(),
})

/** Their live heaps are a few MB: small young generations keep garbage from piling up between collections. */
const heap = {
  cosmos: ['--max-semi-space-size=2'],
  'event-hubs': ['--max-semi-space-size=1', '--max-old-space-size=128'],
} as const

/** Closing takes a second at most; past this it does not end by itself. */
const killAfterMs = 10_000

/** Starts `npm run stack -- NAME` as a child process; resolves when it is ready. */
export async function startServerProcess(
  name: 'cosmos' | 'event-hubs',
  { port, stateDir, faults }: { port: number; stateDir: string; faults?: boolean | undefined },
): Promise<ServerProcess> {
  const args = [name, '--port', String(port), '--state', stateDir, ...(faults ? ['--faults-port', '0'] : [])]
  const child = fork(join(projectRoot, 'local/stack.ts'), args, {
    execArgv: ['--disable-warning=ExperimentalWarning', ...heap[name]],
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  })
  let complaints = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    complaints = (complaints + chunk.toString()).slice(-4000)
  })
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()))
  const { settings, faultsUrl } = await ready(child, () => complaints.trim())
  return {
    name,
    pid: child.pid ?? 0,
    settings,
    faultsUrl,
    close: async () => {
      child.kill('SIGTERM')
      const killer = setTimeout(() => child.kill('SIGKILL'), killAfterMs)
      await ended
      clearTimeout(killer)
    },
    ended,
  }
}

function ready(child: ChildProcess, complaints: () => string): Promise<z.infer<typeof Ready>> {
  return new Promise((resolve, reject) => {
    child.once('message', message => resolve(Ready.parse(message)))
    child.once('exit', () => reject(new Error(complaints() || 'A server of the stack ended before it was ready')))
  })
}
