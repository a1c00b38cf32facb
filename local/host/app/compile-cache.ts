import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { nodeArguments } from './node-arguments.ts'

/** Names to Node the folder in which it keeps compiled code, also of TypeScript. */
export const compileCacheVariable = 'NODE_COMPILE_CACHE'

/**
 * Fills the compile cache once with the modules of the workers: a worker that strips types itself starts later and stays 25 MB
 * larger for all its life.
 */
export async function warmCompileCache(env: Record<string, string>): Promise<void> {
  const folder = env[compileCacheVariable]
  if (folder === undefined || existsSync(folder)) return
  const script = fileURLToPath(new URL('./compile-cache-fill.ts', import.meta.url))
  const child = spawn(process.execPath, [...nodeArguments(env), script], { env, stdio: 'inherit' })
  await once(child, 'exit')
}
