import { azurePorts } from '../shared/adapters/azure/ports.ts'
import { liveTombstones } from '../shared/privacy/tombstones/live-tombstones.ts'
import { appSettings } from './settings.ts'

// What every trigger is bound to: made once a process, from the app's settings, on Azure's adapters.
export const { settings } = appSettings
export const ports = azurePorts(settings, appSettings.redactor.redact)
export const popularity = { halfLifeMs: settings.POPULARITY_HALF_LIFE_HOURS * 3_600_000 }
/** Who was erased. */
export const tombstones = liveTombstones(settings.PSEUDONYM_KEY, ports)
export const dollarsPerMillionRequestUnits = settings.RU_DOLLARS_PER_MILLION
/** Of the hubs whose events are taken in. */
export const epoch = settings.EVENT_HUB_EPOCH
