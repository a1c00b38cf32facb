import { randomUUID } from 'node:crypto'
import type { Outputs } from '../outputs/outputs.ts'
import { endLine, type LoggedInvocation, startLines } from '../workers/invocation-lines.ts'
import type { LogLine } from '../workers/log-line.ts'
import type { AppRegistry } from './core-module.ts'
import type { InvocationResponse } from './core-types.ts'
import { type Invocation, runInvocation } from './run-invocation.ts'

export type { Invocation } from './run-invocation.ts'

export type Outcome =
  | { type: 'succeeded'; response: InvocationResponse }
  | { type: 'failed'; error: Error }
  | { type: 'timed-out' }

export interface Invoker {
  invoke(invocation: Invocation): Promise<Outcome>
  /** Resolves once no invocation is running. */
  idle(): Promise<void>
}

interface InvokerOptions {
  registry: AppRegistry
  outputs: Outputs
  log(line: LogLine): void
  /** Whether a function's lines about starting and succeeding are shown: where not, they are not even made. */
  logsRuns(functionName: string): boolean
  functionTimeoutMs: number | undefined
  /** Called after a timeout has been reported: the process must end soon, as the function may still be running. */
  onTimeout(): void
}

/**
 * Runs invocations through the library in the order of the worker on Azure, writes their outputs before they count as done,
 * logs their starts and ends and enforces functionTimeout.
 */
export function createInvoker(options: InvokerOptions): Invoker {
  const { registry, outputs, functionTimeoutMs, onTimeout } = options
  let running = 0
  let whenIdle: (() => void)[] = []

  async function invoke(invocation: Invocation): Promise<Outcome> {
    const { invocationId = randomUUID() } = invocation
    const lines = invocationLog(invocation, invocationId, options)
    running++
    let timer: NodeJS.Timeout | undefined
    try {
      lines.started()
      const response = runInvocation(registry, invocation, invocationId, options.log).then(given =>
        outputs.write(given, invocation),
      )
      const timeout = new Promise<undefined>(resolve => {
        if (functionTimeoutMs !== undefined) timer = setTimeout(() => resolve(undefined), functionTimeoutMs)
      })
      const first = await Promise.race([response, timeout])
      if (first !== undefined) {
        lines.succeeded()
        return { type: 'succeeded', response: first }
      }
      response.catch(() => undefined)
      const why = `Timeout value of ${functionTimeoutMs} ms exceeded by function 'Functions.${invocation.functionName}' (Id: '${invocationId}'). The worker process restarts.`
      lines.failed(new Error(why))
      onTimeout()
      return { type: 'timed-out' }
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown))
      lines.failed(error)
      return { type: 'failed', error }
    } finally {
      clearTimeout(timer)
      if (--running === 0) {
        for (const resolve of whenIdle) resolve()
        whenIdle = []
      }
    }
  }

  return {
    invoke,
    idle: () => (running === 0 ? Promise.resolve() : new Promise(resolve => whenIdle.push(resolve))),
  }
}

/** The host's lines about one invocation, made only where they are shown; a failure always is. */
function invocationLog(invocation: Invocation, invocationId: string, { registry, log, logsRuns }: InvokerOptions) {
  const { functionName } = invocation
  const startedAt = performance.now()
  const isShown = logsRuns(functionName)
  const say = (level: 'information' | 'error', message: string) =>
    log({ level, category: 'system', functionName, invocationId, message })
  const end = () => ({ functionName, invocationId, durationMs: performance.now() - startedAt })
  return {
    started: () => {
      if (!isShown) return
      const trigger = registry.functions.get(functionName)?.metadata.bindings[invocation.bindingName]
      const logged: LoggedInvocation = {
        ...invocation,
        triggerType: trigger?.type ?? '',
        queueName: typeof trigger?.queueName === 'string' ? trigger.queueName : undefined,
      }
      for (const line of startLines(logged, invocationId, new Date())) say('information', line)
    },
    succeeded: () => {
      if (isShown) say('information', endLine(end(), { status: 'Succeeded' }))
    },
    failed: (error: Error) => say('error', endLine(end(), { status: 'Failed', error })),
  }
}
