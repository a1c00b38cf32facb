import { impressionLog } from '../shared/api/lists/impression-log.ts'
import type { AnsweredList } from '../shared/api/lists/list-from.ts'
import { heldLists } from '../shared/serving/cache/held-list.ts'
import { userCache } from '../shared/serving/cache/user-cache.ts'
import { shop as servedShop } from '../shared/serving/shop.ts'
import { popularity, ports, settings, tombstones } from './app.ts'
import { explores } from './cost.ts'

const options = { ...popularity, catalogueRefreshMs: settings.CATALOGUE_REFRESH_MS, tombstones, explores }
const users = userCache(settings)
/** For requests, which cannot wait. */
const shop = servedShop(ports, {
  ...options,
  users,
  budgets: { readMs: 3_000, pageMs: 10_000, listMs: settings.LIST_WAIT_MS },
})
/** For jobs, which can. */
export const patientShop = servedShop(ports, options)
/** What routes that list are given. */
export const lists = {
  shop,
  ports,
  impressions: impressionLog(ports),
  lists: heldLists<AnsweredList>(shop, { ...ports, ...users }),
}
