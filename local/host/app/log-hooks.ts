import type { LogLine } from '../workers/log-line.ts'

interface LogHooks {
  appHookData: Record<string, unknown>
  hooks(name: 'log'): ((context: object) => unknown)[]
}

/** What the log hooks of one invocation, or of the app outside of any, are given besides the line. */
export interface LogHookScope {
  hookData: Record<string, unknown>
  invocationContext: unknown
}

/**
 * The line after the app's log hooks, which may change level and message of what the app itself logs; other lines they only
 * see. A hook that throws keeps no line from being logged. Source: Azure/azure-functions-nodejs-worker, src/WorkerContext.ts
 */
export function throughLogHooks(
  registry: LogHooks,
  line: LogLine,
  { hookData, invocationContext }: LogHookScope,
): LogLine {
  const hooks = registry.hooks('log')
  if (hooks.length === 0) return line
  const { level, category, message } = line
  const context = { level, category, message, hookData, appHookData: registry.appHookData, invocationContext }
  try {
    for (const hook of hooks) hook(context)
  } catch {
    // Azure goes on with the line as it was: an app cannot silence its worker by a broken hook.
    return line
  }
  return category === 'user' ? { ...line, level: context.level, message: context.message } : line
}
