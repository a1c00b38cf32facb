import { type Deployment, deploymentOf } from '../shared/operations/cost/deployments.ts'
import { RunTimeOverlay } from '../shared/operations/run-time-settings.ts'
import { defaultSchedules } from '../shared/operations/schedule/scheduled-jobs.ts'
import { ports, settings } from './app.ts'
import { appSettings } from './settings.ts'

/** What is set while the app runs. */
export const runTime = new RunTimeOverlay(settings, ports)
export const configuration = { settings, sourceOf: appSettings.sourceOf, runTime }
/** When jobs run, while nothing else is set at run time. */
export const schedules = defaultSchedules(settings)
let deployment: Deployment | undefined
/** What a month may cost, as it is set by now, and what its hours do. */
export const cost = () => {
  // Schedules are counted through for it, which no start of the app waits for.
  deployment ??= deploymentOf(settings.DEPLOYMENT_PROFILE)
  return { budgetDollars: settings.MONTHLY_BUDGET_DOLLARS, deployment }
}
