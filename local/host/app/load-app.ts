import { globSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Registration } from '../workers/messages.ts'
import type { AppRegistry } from './core-module.ts'
import type { FunctionMetadata } from './core-types.ts'
import { retryPolicy } from './retry-policy.ts'

/**
 * Loads the app's entry point as the worker on Azure does, runs its appStart hooks and returns what it registered.
 * @throws whatever the app throws while it loads, and an Error when it registers nothing
 */
export async function loadApp(appDir: string, registry: AppRegistry): Promise<Registration[]> {
  const { main, type } = readPackage(appDir)
  const files = globSync(main, { cwd: appDir }).sort()
  if (files.length === 0) {
    throw new Error(`No file matches "main" of the app's package.json: current value is "${main}". Is the app built?`)
  }
  for (const file of files) {
    const path = join(appDir, file)
    const isModule = file.endsWith('.mjs') || (type === 'module' && !file.endsWith('.cjs'))
    await naming(`Worker was unable to load entry point "${file}"`, async () => {
      // A CommonJS bundle goes through require: import() would first scan all of it for export names.
      if (isModule) await import(pathToFileURL(path).href)
      else createRequire(path)(path)
    })
  }
  await startApp(appDir, registry)
  registry.lock()
  if (registry.functions.size === 0) {
    throw new Error(`The app registered no function: "${main}" of ${appDir} never called app.http() or another trigger`)
  }
  return [...registry.functions.values()].map(({ metadata }) => toRegistration(metadata))
}

async function startApp(functionAppDirectory: string, registry: AppRegistry): Promise<void> {
  const { appLevelHookData: hookData, appHookData } = registry
  await naming('An appStart hook of the app failed', async () => {
    for (const hook of registry.hooks('appStart')) await hook({ hookData, appHookData, functionAppDirectory })
  })
  // Asking for the capabilities is what locks app.setup() on Azure.
  const capabilities = (await registry.programmingModel?.getCapabilities?.({})) ?? {}
  registry.httpUri = capabilities.HttpUri
}

/** Says in front of an error where it came from; the stack stays that of the app. */
async function naming(what: string, run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (thrown) {
    const cause = thrown instanceof Error ? thrown : new Error(String(thrown))
    const error = new Error(`${what}: ${cause.message}`, { cause })
    error.stack = `${error.message}\n${cause.stack?.replace(String(cause), '').replace(/^\n/, '') ?? ''}`
    throw error
  }
}

function readPackage(appDir: string): { main: string; type: string | undefined } {
  const path = join(appDir, 'package.json')
  const text = JSON.parse(readFileSync(path, 'utf8')) as { main?: unknown; type?: unknown }
  if (typeof text.main !== 'string' || text.main === '') {
    throw new Error(`"main" in ${path} must name the built entry point: current value is ${JSON.stringify(text.main)}`)
  }
  return { main: text.main, type: typeof text.type === 'string' ? text.type : undefined }
}

function toRegistration(metadata: FunctionMetadata): Registration {
  const retry = retryPolicy(metadata)
  return { name: metadata.name, bindings: metadata.bindings, ...(retry && { retry }) }
}
