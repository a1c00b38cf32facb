import { bindHttp } from '../shared/adapters/azure/http.ts'
import { endpoints } from '../shared/api/endpoints.ts'
import { deprecation } from '../shared/api/guards/deprecation.ts'
import { dollarsPerMillionRequestUnits, lists, ports, schedules, settings } from './app.ts'
import { jobs } from './jobs.ts'

const { PSEUDONYM_KEY: pseudonymKey } = settings
// One function a route, and one for each of its older names.
for (const endpoint of endpoints({ ...lists, ports, jobs, schedules, dollarsPerMillionRequestUnits, pseudonymKey })) {
  bindHttp(endpoint, [deprecation], ports.log)
}
