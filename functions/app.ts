import { azurePorts } from '../shared/adapters/azure/ports.ts'
import { impressionLog } from '../shared/api/lists/impression-log.ts'
import { liveTombstones } from '../shared/privacy/tombstones/live-tombstones.ts'
import { userCache } from '../shared/serving/cache/user-cache.ts'
import { shop as servedShop } from '../shared/serving/shop.ts'
import { appSettings } from './settings.ts'

// What every trigger is bound to: made once a process, from the app's settings, on Azure's adapters.
export const { settings } = appSettings
export const ports = azurePorts(settings, appSettings.redactor.redact)
export const popularity = { halfLifeMs: settings.POPULARITY_HALF_LIFE_HOURS * 3_600_000 }
/** Who was erased. */
export const tombstones = liveTombstones(settings.PSEUDONYM_KEY, ports)
const shopOptions = { ...popularity, catalogueRefreshMs: settings.CATALOGUE_REFRESH_MS, tombstones }
/** For requests, which cannot wait. */
const shop = servedShop(ports, {
  ...shopOptions,
  users: userCache(settings),
  budgets: { readMs: 1_000, pageMs: 10_000, listMs: settings.LIST_WAIT_MS },
})
/** For jobs, which can. */
export const patientShop = servedShop(ports, shopOptions)
/** What routes that list are given. */
export const lists = { shop, ports, impressions: impressionLog(ports) }
export const dollarsPerMillionRequestUnits = settings.RU_DOLLARS_PER_MILLION
