import { registerHooks } from 'node:module'
import type { LogLine } from '../workers/log-line.ts'
import type { FunctionCallback, FunctionMetadata, ProgrammingModel } from './core-types.ts'

const specifier = '@azure/functions-core'
const moduleUrl = 'functions-core:host'
const globalKey = Symbol.for('functions-core')
const hostVersion = '4.1042.0'

type HookCallback = (context: object) => unknown

export interface RegisteredFunction {
  metadata: FunctionMetadata
  callback: FunctionCallback
}

export interface AppRegistry {
  functions: Map<string, RegisteredFunction>
  appHookData: Record<string, unknown>
  programmingModel: ProgrammingModel | undefined
  hooks(name: string): HookCallback[]
}

/**
 * Answers `require('@azure/functions-core')` inside this process, so that the real library registers its functions and hooks
 * here. The hook stays in place because the library asks lazily, from whatever bundle it sits in.
 */
export function provideCoreModule(log: (line: LogLine) => void): AppRegistry {
  const hooks = new Map<string, HookCallback[]>()
  const registry: AppRegistry = {
    functions: new Map(),
    appHookData: {},
    programmingModel: undefined,
    hooks: name => hooks.get(name) ?? [],
  }
  Reflect.set(globalThis, globalKey, {
    version: '3.12.0',
    hostVersion,
    registerFunction: (metadata: FunctionMetadata, callback: FunctionCallback) =>
      registerFunction(registry, metadata, callback),
    registerHook: (name: string, callback: HookCallback) => {
      const list = hooks.get(name) ?? []
      list.push(callback)
      hooks.set(name, list)
      return new Disposable(() => list.splice(list.indexOf(callback), 1))
    },
    setProgrammingModel: (model: ProgrammingModel) => {
      registry.programmingModel = model
    },
    getProgrammingModel: () => registry.programmingModel,
    log: (level: LogLine['level'], category: LogLine['category'], message: string) => {
      if (level !== 'debug' && level !== 'trace') log({ level, category, message })
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
