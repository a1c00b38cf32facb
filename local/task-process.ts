import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { compileCache } from './project-root.ts'

const Outcome = z.discriminatedUnion('type', [
  z.object({ type: z.literal('done'), result: z.unknown().optional() }),
  z.object({ type: z.literal('failed'), message: z.string() }),
])

export interface Task {
  /** Tells it to begin; resolves with the work's result. */
  run(input: unknown): Promise<unknown>
  /** Ends a process that is not to begin any more. */
  end(): void
}

/**
 * Starts a module in a process of its own, which loads while others start, does one piece of work when told to, and is gone:
 * what the SDKs take, 50 MB and more, is not kept by a process that stays. The module ends with `serveTask()`.
 */
export function startTask(script: URL): Task {
  const path = fileURLToPath(script)
  const child = fork(path, {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
  })
  const outcome = new Promise<unknown>(resolve => {
    child.once('message', resolve)
    child.once('exit', code => resolve({ type: 'failed', message: `${path} ended with exit code ${code}` }))
  })
  return {
    run: async input => {
      if (child.connected) child.send({ input }, () => undefined)
      const result = Outcome.parse(await outcome)
      if (result.type === 'failed') throw new Error(result.message)
      return result.result
    },
    end: () => void child.kill(),
  }
}

/** In the process of a task: does the work once, for the input it is sent. It ends with whoever started it. */
export function serveTask(work: (input: unknown) => Promise<unknown>): void {
  const tell = (outcome: z.infer<typeof Outcome>) => process.send?.(outcome, () => process.exit(0))
  process.once('disconnect', () => process.exit(1))
  // Ctrl-C reaches the whole process group: what to do about it is decided by whoever started the task.
  process.on('SIGINT', () => undefined)
  process.once('message', (message: { input: unknown }) => {
    work(message.input).then(
      result => tell({ type: 'done', result }),
      (error: Error) => tell({ type: 'failed', message: error.message }),
    )
  })
}
