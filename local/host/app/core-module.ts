import { registerHooks } from 'node:module'
import type { LogLine } from '../workers/log-line.ts'
import type { FunctionCallback, FunctionMetadata, ProgrammingModel } from './core-types.ts'
import { throughLogHooks } from './log-hooks.ts'

const specifier = '@azure/functions-core'
const moduleUrl = 'functions-core:host'
const globalKey = Symbol.for('functions-core')
export const hostVersion = '4.1042.0'

type HookCallback = (context: object) => unknown

export interface RegisteredFunction {
  metadata: FunctionMetadata
  callback: FunctionCallback
}

export interface AppRegistry {
  functions: Map<string, RegisteredFunction>
  /** Shared by all hooks of the app. */
  appHookData: Record<string, unknown>
  /** Shared by the hooks that are not about an invocation: appStart, appTerminate and log. */
  appLevelHookData: Record<string, unknown>
  programmingModel: ProgrammingModel | undefined
  /** Address at which the library waits for HTTP requests when the app has HTTP streams. */
  httpUri: string | undefined
  hooks(name: HookName): HookCallback[]
  /** From now on functions are refused: the host has been told of all of them. */
  lock(): void
}

const hookNames = ['appStart', 'appTerminate', 'preInvocation', 'postInvocation', 'log'] as const
type HookName = (typeof hookNames)[number]

/**
 * Answers `require('@azure/functions-core')` inside this process, so that the real library registers its functions and hooks
 * here. The hook stays in place because the library asks lazily, from whatever bundle it sits in.
 */
export function provideCoreModule(log: (line: LogLine) => void): AppRegistry {
  const hooks = new Map<string, HookCallback[]>(hookNames.map(name => [name, []]))
  let isLocked = false
  const registry: AppRegistry = {
    functions: new Map(),
    appHookData: {},
    appLevelHookData: {},
    programmingModel: undefined,
    httpUri: undefined,
    hooks: name => hooks.get(name) ?? [],
    lock: () => {
      isLocked = true
    },
  }
  Reflect.set(globalThis, globalKey, {
    version: '3.12.0',
    hostVersion,
    registerFunction: (metadata: FunctionMetadata, callback: FunctionCallback) => {
      if (isLocked) {
        throw new Error(`A function can only be registered during app startup: "${metadata.name}" comes later`)
      }
      return registerFunction(registry, metadata, callback)
    },
    registerHook: (name: string, callback: HookCallback) => {
      const list = hooks.get(name)
      if (list === undefined) throw new RangeError(`Unrecognized hook "${name}"`)
      list.push(callback)
      return new Disposable(() => list.splice(list.indexOf(callback), 1))
    },
    setProgrammingModel: (model: ProgrammingModel) => {
      registry.programmingModel = model
    },
    getProgrammingModel: () => registry.programmingModel,
    log: (level: LogLine['level'], category: LogLine['category'], message: string) => {
      const scope = { hookData: registry.appLevelHookData, invocationContext: undefined }
      log(throughLogHooks(registry, { level, category, message }, scope))
    },
    Disposable,
  })
  registerHooks({
    resolve: (name, context, next) =>
      name === specifier ? { url: moduleUrl, format: 'commonjs', shortCircuit: true } : next(name, context),
    load: (url, context, next) =>
      url === moduleUrl
        ? {
            format: 'commonjs',
            source: "module.exports = globalThis[Symbol.for('functions-core')]",
            shortCircuit: true,
          }
        : next(url, context),
  })
  return registry
}

function registerFunction(registry: AppRegistry, metadata: FunctionMetadata, callback: FunctionCallback): Disposable {
  if (registry.functions.has(metadata.name)) {
    throw new Error(`Function name "${metadata.name}" is registered twice: names must be unique within an app`)
  }
  registry.functions.set(metadata.name, { metadata, callback })
  return new Disposable(() => registry.functions.delete(metadata.name))
}

class Disposable {
  readonly #onDispose: () => unknown
  constructor(onDispose: () => unknown) {
    this.#onDispose = onDispose
  }
  static from(...disposables: { dispose: () => unknown }[]): Disposable {
    return new Disposable(() => {
      for (const disposable of disposables) disposable.dispose()
    })
  }
  dispose(): void {
    this.#onDispose()
  }
}
