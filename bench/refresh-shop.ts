import { startAzurite } from '../local/azurite/azurite.ts'
import { startServerProcess } from '../local/server-process.ts'
import { startTask } from '../local/task-process.ts'
import { azurePorts } from '../shared/adapters/azure/ports.ts'
import type { Ports } from '../shared/ports.ts'
import { collections } from '../shared/schemas/collections.ts'
import { parseSettings, type Settings } from '../shared/schemas/settings.ts'
import { withState } from './sample-stack.ts'
import { type ShopSize, shopCatalogue, writeTrainingShop } from './training-shop.ts'

export interface RefreshShop {
  settings: Settings
  /** On Azure's adapters, but for the queue: messages wait in `sent`, for the one instance that there is. */
  ports: Ports
  sent: unknown[]
  servers: { name: 'cosmos' | 'azurite'; pid: number }[]
}

const itemsPerWrite = 1000
const seed = 1

/** Starts Cosmos and Azurite as processes on a state of their own, with a generated shop in gold and catalogue. */
export function withRefreshShop<T>(
  { size, settings: given, step }: { size: ShopSize; settings: Record<string, string>; step: (text: string) => void },
  use: (shop: RefreshShop) => Promise<T>,
): Promise<T> {
  return withState(async stateDir => {
    const azurite = await startAzurite({ stateDir: `${stateDir}/azurite` })
    const cosmos = await startServerProcess('cosmos', { port: 0, stateDir })
    try {
      const values = {
        ...{ AzureWebJobsStorage: azurite.connectionString, EventHubConnection: '-' },
        ...{
          SWEEP_SCHEDULE: '-',
          PSEUDONYM_KEY: 'a key for benches only',
          AUTH_ISSUER: 'http://127.0.0.1',
          AUTH_AUDIENCE: '-',
          SHOPPER_TOKEN_KEY: 'a key of 32 characters, for benches',
        },
        ...cosmos.settings,
        ...given,
      }
      await startTask(new URL('../local/provision.ts', import.meta.url)).run(values)
      const settings = parseSettings(values)
      const sent: unknown[] = []
      const silent = () => undefined
      const ports: Ports = {
        ...azurePorts(settings, text => text),
        queue: { send: async (_, message) => void sent.push(message) },
        log: { info: silent, warn: silent, error: silent },
      }
      await fill(ports, { size, step })
      const servers: RefreshShop['servers'] = [
        { name: 'cosmos', pid: cosmos.pid },
        { name: 'azurite', pid: azurite.pid },
      ]
      return await use({ settings, ports, sent, servers })
    } finally {
      await Promise.all([azurite.close(), cosmos.close()])
    }
  })
}

async function fill(ports: Ports, { size, step }: { size: ShopSize; step: (text: string) => void }): Promise<void> {
  step(`Writing a shop of ${size.users} users, ${size.items} items, ${size.interactions} interactions`)
  const { rows } = await writeTrainingShop(size, { seed, ports })
  step(`  ${rows} rows`)
  const items = [...shopCatalogue(size, { seed })]
  for (let from = 0; from < items.length; from += itemsPerWrite) {
    const writes = items.slice(from, from + itemsPerWrite).map(document => ({ document }))
    await ports.documents.writeAll(collections.items, writes)
  }
}
