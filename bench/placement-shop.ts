import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { type Api, getJson, runJob } from '../local/api-client.ts'
import { startHost } from '../local/host/host.ts'
import { type LocalStack, startLocalStack } from '../local/local-stack.ts'
import { projectRoot } from '../local/project-root.ts'
import { azurePorts } from '../shared/adapters/azure/ports.ts'
import { type Random, seededRandom } from '../shared/algorithms/random.ts'
import type { Documents } from '../shared/ports.ts'
import { collections } from '../shared/schemas/collections.ts'
import { guestId, UserId } from '../shared/schemas/ids.ts'
import { eventTypes } from '../shared/schemas/interaction.ts'
import type { Profile, RecentEvent } from '../shared/schemas/profile.ts'
import { parseSettings } from '../shared/schemas/settings.ts'
import { type ShopSize, shopCatalogue, writeTrainingShop } from './training-shop.ts'

/** Who and what lists are asked for: small enough that caches hold all of it once it was asked for. */
export interface Asked {
  /** Every other one did something after the last refresh. */
  users: string[]
  sessions: string[]
  items: string[]
  categories: string[]
}

const seed = 1
const asked = 500
const eventsEach = 20
const itemsPerWrite = 1000
const settings = { ALS_FACTORS: '64', LIST_SIZE: '100', NEIGHBOURS_SIZE: '20' }

/** The stack with a generated shop of this size in gold and catalogue, refreshed, and with shoppers of the last minutes. */
export async function startPlacementShop(
  size: ShopSize,
  { stateDir, step }: { stateDir: string; step: (text: string) => void },
): Promise<{ stack: LocalStack; asked: Asked }> {
  const stack = await startLocalStack({ stateDir, port: 0, settings })
  const silent = () => undefined
  const ports = {
    ...azurePorts(parseSettings(stack.settings), text => text),
    log: { info: silent, warn: silent, error: silent },
  }
  step(`Writing a shop of ${size.users} users, ${size.items} items, ${size.interactions} interactions`)
  await writeTrainingShop(size, { seed, ports })
  const items = [...shopCatalogue(size, { seed })]
  for (let from = 0; from < items.length; from += itemsPerWrite) {
    const writes = items.slice(from, from + itemsPerWrite).map(document => ({ document }))
    await ports.documents.writeAll(collections.items, writes)
  }
  step('Refreshing')
  let stage: string | null = null
  await runJob(stack, 'refresh', {
    onProgress: job => {
      if (job.stage !== stage) step(`  ${job.stage}`)
      stage = job.stage
    },
  })
  const random = seededRandom(seed)
  const users = Array.from({ length: asked }, (_, index) => `user-${Math.floor((index * size.users) / asked)}`)
  const sessions = Array.from({ length: asked }, (_, index) => `visit-${index}`)
  const ids = items.map(({ id }) => id)
  const active = [...users.filter((_, index) => index % 2 === 0), ...sessions.map(guestId)]
  await writeShoppers(active, { documents: ports.documents, items: ids, random })
  const sample = Array.from({ length: asked }, () => ids[Math.floor(ids.length * random())] ?? '')
  const categories = [...new Set(items.map(({ category }) => category))]
  return { stack, asked: { users, sessions, items: sample, categories } }
}

/** Profiles with twenty events of the last minutes each. */
async function writeShoppers(
  userIds: readonly string[],
  { documents, items, random }: { documents: Documents; items: readonly string[]; random: Random },
): Promise<void> {
  const now = Math.floor(Date.now() / 1000)
  const types = ['view', 'view', 'view', 'add_to_cart', 'purchase'] as const
  const writes = userIds.map(userId => {
    const recent = Array.from({ length: eventsEach }, (_, index): RecentEvent => {
      const item = items[Math.floor(items.length * random() ** 2)] ?? ''
      const type = types[Math.floor(types.length * random())] ?? 'view'
      return [item, eventTypes.indexOf(type), now - 30 * (eventsEach - index), `e${index}`]
    })
    const bought = recent.filter(([, code]) => eventTypes[code] === 'purchase').map(([itemId]) => itemId)
    const document: Profile = {
      ...{ id: 'profile', user_id: UserId.parse(userId), applied: {}, recent, bought, disliked: [] },
    }
    return { document }
  })
  await documents.writeAll(collections.profiles, writes)
}

const Explained = z.object({
  explanation: z.object({ items: z.array(z.object({ taste: z.unknown().optional() })) }),
})

/** A new functions host on the stack's servers, with nothing remembered: for as long as `use` runs; its model is loaded. */
export async function withNewHost<T>(
  stack: LocalStack,
  { stateDir, asked: { users } }: { stateDir: string; asked: Asked },
  use: (api: Api) => Promise<T>,
): Promise<T> {
  const host = await startHost({ appDir: projectRoot, stateDir, port: 0, settings: stack.settings, quiet: true })
  try {
    const api = { url: host.url, token: stack.token }
    const path = `/recommend/user/${users[0]}?explain=full`
    const isLoaded = async () =>
      Explained.parse(await getJson(api, path)).explanation.items.some(({ taste }) => taste !== undefined)
    while (!(await isLoaded())) await delay(200)
    return await use(api)
  } finally {
    await host.drain()
  }
}
