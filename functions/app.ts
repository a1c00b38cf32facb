import { azurePorts } from '../shared/adapters/azure/ports.ts'
import { impressionLog } from '../shared/api/lists/impression-log.ts'
import { defaultSchedules } from '../shared/operations/schedule/scheduled-jobs.ts'
import { liveTombstones } from '../shared/privacy/tombstones/live-tombstones.ts'
import { parseSettings } from '../shared/schemas/settings.ts'
import { shop as servedShop } from '../shared/serving/shop.ts'

// What every trigger is bound to: made once a process, from the app's settings, on Azure's adapters.
export const settings = parseSettings(process.env)
export const ports = azurePorts(settings)
export const popularity = { halfLifeMs: settings.POPULARITY_HALF_LIFE_HOURS * 3_600_000 }
const { CATALOGUE_REFRESH_MS: catalogueRefreshMs } = settings
/** Who was erased. */
export const tombstones = liveTombstones(settings.PSEUDONYM_KEY, ports)
export const shop = servedShop(ports, { ...popularity, catalogueRefreshMs, tombstones })
/** What routes that list are given. */
export const lists = { shop, ports, impressions: impressionLog(ports) }
export const dollarsPerMillionRequestUnits = settings.RU_DOLLARS_PER_MILLION
/** When jobs run, while nothing else is set at run time. */
export const schedules = defaultSchedules(settings)
