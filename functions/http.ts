import { join } from 'node:path'
import { bindHttp } from '../shared/adapters/azure/http.ts'
import { endpoints } from '../shared/api/endpoints.ts'
import { identify } from '../shared/api/guards/identify.ts'
import { guardsInOrder } from '../shared/api/guards/in-order.ts'
import { KeyRing } from '../shared/api/guards/key-ring.ts'
import { dollarsPerMillionRequestUnits, ports, settings } from './app.ts'
import { configuration, cost, schedules } from './configuration.ts'
import { jobs } from './jobs.ts'
import { lists } from './shops.ts'

const { PSEUDONYM_KEY: pseudonymKey, TRUSTED_PROXIES: proxies } = settings
const identified = identify({ ports, keyRing: new KeyRing(ports) })
const guards = guardsInOrder({ settings, ports, secret: pseudonymKey, identify: identified })
const docsFolder = join(import.meta.dirname, 'docs')
const given = { dollarsPerMillionRequestUnits, pseudonymKey, docsFolder }
const need = { ...lists, ...given, ports, jobs, schedules, configuration, cost }

// One function a route, and one for each of its older names.
for (const endpoint of endpoints(need)) bindHttp(endpoint, { guards, log: ports.log, proxies })
