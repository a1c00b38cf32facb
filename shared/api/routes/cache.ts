import type { Ports } from '../../ports.ts'
import { CacheDropped, CacheInvalidated, CacheStats } from '../../schemas/cache.ts'
import { UserPath } from '../../schemas/requests.ts'
import { dropEverything, dropUser } from '../../serving/cache/drops.ts'
import type { HeldLists } from '../../serving/cache/held-list.ts'
import { toldLists } from '../../serving/cache/told-lists.ts'
import type { Shop } from '../../serving/shop.ts'
import { access } from '../access.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'

type Need = {
  shop: Shop
  ports: Pick<Ports, 'documents' | 'clock'>
  lists?: Pick<HeldLists<unknown>, 'counts'> | undefined
}

export const cacheStats = ({ shop, ports, lists: made }: Need): Endpoint =>
  endpoint({
    name: 'cache-stats',
    method: 'GET',
    path: '/api/cache/stats',
    access: access.operate,
    group: 'service',
    summary:
      'How many users have a published list, how much of the catalogue is in them and how old they are; what the instance that answers holds in memory: hits, misses, bytes',
    output: CacheStats,
    run: async () => {
      const live = await shop.live()
      const { users, lists, stores } = shop.held
      const age = live && Math.max(0, Math.floor((shop.clock() - Date.parse(live.generated_at)) / 1000))
      return {
        body: {
          ...{ model_version: live?.model_version ?? null, generated_at: live?.generated_at ?? null },
          age_seconds: age ?? null,
          lists: (await toldLists(shop.clock(), ports.documents)) ?? null,
          instance: {
            users: users.counts,
            lists: lists.counts,
            made: made?.counts ?? null,
            stores: stores(),
            late: [...shop.late],
          },
        },
      }
    },
  })

export const dropCachedUser = ({ shop, ports }: Need): Endpoint =>
  endpoint({
    name: 'cache-drop',
    method: 'DELETE',
    path: '/api/cache/{id}',
    access: access.operate,
    group: 'service',
    summary:
      'Makes every instance read a user anew: the next list, at most a second from now, is made from what is stored',
    input: { path: UserPath },
    output: CacheDropped,
    run: async ({ path: { id: userId } }) => {
      const { user_id, at } = await dropUser(userId, new Date(ports.clock()), ports.documents)
      shop.held.forget(userId)
      return { body: { user_id, at } }
    },
  })

export const dropCache = ({ shop, ports }: Need): Endpoint =>
  endpoint({
    name: 'cache-invalidate-all',
    method: 'POST',
    path: '/api/cache/invalidate-all',
    access: access.administer,
    group: 'service',
    summary: 'Makes every instance read everything anew, within some seconds',
    output: CacheInvalidated,
    run: async () => {
      const { epoch, at } = await dropEverything(new Date(ports.clock()), ports.documents)
      shop.held.clear()
      return { body: { epoch, at } }
    },
  })
