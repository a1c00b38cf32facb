import type { LogLine } from '../workers/log-line.ts'
import type { AppRegistry, RegisteredFunction } from './core-module.ts'
import type { CoreInvocationContext, InvocationResponse, RetryContext, TypedData } from './core-types.ts'
import { type LogHookScope, throughLogHooks } from './log-hooks.ts'

export interface Invocation {
  /** Made up unless the caller has told it to others already. */
  invocationId?: string
  functionName: string
  bindingName: string
  data: TypedData
  triggerMetadata?: Record<string, TypedData>
  retry?: RetryContext | undefined
  traceParent?: string | undefined
  traceState?: string | undefined
}

/**
 * Runs one invocation through the library: arguments, preInvocation hooks, the function, postInvocation hooks, response.
 * Source: Azure/azure-functions-nodejs-worker, src/eventHandlers/InvocationHandler.ts
 * @throws what the function or a hook throws, unless a postInvocation hook takes the error away
 */
export async function runInvocation(
  registry: AppRegistry,
  invocation: Invocation,
  invocationId: string,
  log: (line: LogLine) => void,
): Promise<InvocationResponse> {
  const { programmingModel, appHookData } = registry
  const { functionName } = invocation
  const registered = registry.functions.get(functionName)
  if (programmingModel === undefined || registered === undefined) {
    throw new Error(`Function "${functionName}" is not loaded and cannot be invoked`)
  }
  const scope: LogHookScope = { hookData: {}, invocationContext: undefined }
  const coreContext = createContext(invocation, registered, invocationId, (level, category, message) => {
    log(throughLogHooks(registry, { level, category, message, functionName, invocationId }, scope))
  })
  const model = programmingModel.getInvocationModel(coreContext)
  const { context, inputs } = await model.getArguments()
  scope.invocationContext = context
  const common = { hookData: scope.hookData, appHookData, invocationContext: context }

  const before = { ...common, functionCallback: registered.callback, inputs }
  coreContext.state = 'preInvocationHooks'
  for (const hook of registry.hooks('preInvocation')) await hook(before)

  const after = { ...common, inputs: before.inputs, result: null as unknown, error: null as unknown }
  coreContext.state = 'invocation'
  try {
    after.result = await model.invokeFunction(context, before.inputs, before.functionCallback)
  } catch (error) {
    after.error = error ?? new Error(`Function "${functionName}" threw ${error}`)
  }
  coreContext.state = 'postInvocationHooks'
  for (const hook of registry.hooks('postInvocation')) await hook(after)
  coreContext.state = undefined
  if (after.error !== null && after.error !== undefined) throw after.error
  return model.getResponse(context, after.result)
}

function createContext(
  { functionName, bindingName, data, triggerMetadata = {}, retry, traceParent, traceState = '' }: Invocation,
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
        traceState,
        attributes: {},
      },
      ...(retry && { retryContext: retry }),
    },
  }
}
