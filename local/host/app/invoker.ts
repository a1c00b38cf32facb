import { randomUUID } from 'node:crypto'
import type { LogLine } from '../workers/log-line.ts'
import type { AppRegistry, RegisteredFunction } from './core-module.ts'
import type { CoreInvocationContext, InvocationResponse, LogLevel, RetryContext, TypedData } from './core-types.ts'

export type Outcome =
  | { type: 'succeeded'; response: InvocationResponse }
  | { type: 'failed'; error: Error }
  | { type: 'timed-out' }

export interface Invocation {
  functionName: string
  bindingName: string
  data: TypedData
  triggerMetadata?: Record<string, TypedData>
  retry?: RetryContext | undefined
  traceParent?: string | undefined
}

export interface Invoker {
  invoke(invocation: Invocation): Promise<Outcome>
  /** Resolves once no invocation is running. */
  idle(): Promise<void>
}

interface InvokerOptions {
  registry: AppRegistry
  log(line: LogLine): void
  functionTimeoutMs: number | undefined
  /** Called after a timeout has been reported: the process must end soon, as the function may still be running. */
  onTimeout(): void
}

/** Runs invocations through the library in the order of the worker on Azure, logs failures and enforces functionTimeout. */
export function createInvoker({ registry, log, functionTimeoutMs, onTimeout }: InvokerOptions): Invoker {
  let running = 0
  let whenIdle: (() => void)[] = []

  async function invoke(invocation: Invocation): Promise<Outcome> {
    const { functionName } = invocation
    const invocationId = randomUUID()
    const started = performance.now()
    running++
    let timer: NodeJS.Timeout | undefined
    const fail = (level: LogLevel, why: string) => {
      const durationMs = Math.round(performance.now() - started)
      const message = `Executed 'Functions.${functionName}' (Failed, Id=${invocationId}, Duration=${durationMs}ms) ${why}`
      log({ level, category: 'system', functionName, invocationId, message })
    }
    try {
      const response = run(registry, invocation, invocationId, log)
      const timeout = new Promise<undefined>(resolve => {
        if (functionTimeoutMs !== undefined) timer = setTimeout(() => resolve(undefined), functionTimeoutMs)
      })
      const first = await Promise.race([response, timeout])
      if (first !== undefined) return { type: 'succeeded', response: first }
      response.catch(() => undefined)
      fail('error', `Timeout value of ${functionTimeoutMs} ms exceeded: the worker process restarts`)
      onTimeout()
      return { type: 'timed-out' }
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown))
      fail('error', error.stack ?? error.message)
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

async function run(
  registry: AppRegistry,
  invocation: Invocation,
  invocationId: string,
  log: (line: LogLine) => void,
): Promise<InvocationResponse> {
  const { programmingModel, appHookData } = registry
  const registered = registry.functions.get(invocation.functionName)
  if (programmingModel === undefined || registered === undefined) {
    throw new Error(`Function "${invocation.functionName}" is not loaded and cannot be invoked`)
  }
  let invocationContext: unknown
  const coreContext = createContext(invocation, registered, invocationId, (level, category, message) => {
    const line: LogLine = { level, category, message, functionName: invocation.functionName, invocationId }
    const hooked = { ...line, hookData: {}, appHookData, invocationContext }
    for (const hook of registry.hooks('log')) hook(hooked)
    log({ ...line, level: hooked.level, message: hooked.message })
  })
  const model = programmingModel.getInvocationModel(coreContext)
  const { context, inputs } = await model.getArguments()
  invocationContext = context
  const hookData = {}
  const before = { hookData, appHookData, invocationContext, functionCallback: registered.callback, inputs }
  coreContext.state = 'preInvocationHooks'
  for (const hook of registry.hooks('preInvocation')) await hook(before)

  const after = {
    hookData,
    appHookData,
    invocationContext,
    inputs: before.inputs,
    result: null as unknown,
    error: null as unknown,
  }
  coreContext.state = 'invocation'
  try {
    after.result = await model.invokeFunction(context, before.inputs, before.functionCallback)
  } catch (error) {
    after.error = error ?? new Error(`Function "${invocation.functionName}" threw ${error}`)
  }
  coreContext.state = 'postInvocationHooks'
  for (const hook of registry.hooks('postInvocation')) await hook(after)
  coreContext.state = undefined
  if (after.error !== null && after.error !== undefined) throw after.error
  return model.getResponse(context, after.result)
}

function createContext(
  { functionName, bindingName, data, triggerMetadata = {}, retry, traceParent }: Invocation,
  { metadata }: RegisteredFunction,
  invocationId: string,
  log: CoreInvocationContext['log'],
): CoreInvocationContext {
  const traceId = invocationId.replaceAll('-', '')
  return {
    invocationId,
    metadata,
    state: undefined,
    log,
    request: {
      invocationId,
      functionId: functionName,
      inputData: [{ name: bindingName, data }],
      triggerMetadata,
      traceContext: {
        traceParent: traceParent ?? `00-${traceId}-${traceId.slice(16)}-00`,
        traceState: '',
        attributes: {},
      },
      ...(retry && { retryContext: retry }),
    },
  }
}
