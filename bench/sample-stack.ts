import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runJob } from '../local/api-client.ts'
import { buildApp } from '../local/build.ts'
import { type LocalStack, type StackOptions, startLocalStack } from '../local/local-stack.ts'
import { projectRoot } from '../local/project-root.ts'
import { loadShop } from '../local/sample/load-shop.ts'

/**
 * Starts the whole stack on a state of its own, with the sample shop loaded and its first lists published, for as long
 * as `use` runs; the state is forgotten.
 */
export async function withSampleStack<T>(
  use: (stack: LocalStack) => Promise<T>,
  { step, onEvent }: { step: (text: string) => void; onEvent?: StackOptions['onEvent'] },
): Promise<T> {
  await buildApp()
  return withState(async stateDir => {
    step('Starting the stack')
    const stack = await startLocalStack({ stateDir, port: 0, ...(onEvent ? { onEvent } : {}) })
    try {
      step('Loading the sample shop')
      await loadShop({
        api: stack,
        blobConnectionString: stack.settings.AzureWebJobsStorage ?? '',
        dataDir: join(projectRoot, 'data'),
        now: new Date(),
      })
      await runJob(stack, 'lake')
      await runJob(stack, 'refresh')
      return await use(stack)
    } finally {
      await stack.stop()
    }
  })
}

/** Gives `use` a new empty folder and removes it afterwards. */
export async function withState<T>(use: (stateDir: string) => Promise<T>): Promise<T> {
  const stateDir = await mkdtemp(join(tmpdir(), 'sidecart-bench-'))
  try {
    return await use(stateDir)
  } finally {
    await rm(stateDir, { recursive: true, force: true })
  }
}
