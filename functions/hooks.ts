import { app } from '@azure/functions'
import { ActiveTime } from '../shared/adapters/azure/active-time.ts'
import { observeInvocation } from '../shared/adapters/azure/invocation.ts'
import { misspelt } from '../shared/schemas/settings/misspelt.ts'
import { ports } from './app.ts'
import { runTime } from './configuration.ts'
import { appSettings } from './settings.ts'

const { telemetry, log } = ports
const time = new ActiveTime(telemetry, () => performance.now())

app.hook.appStart(() => {
  for (const { name, meant } of misspelt(process.env)) log.warn({ stage: 'settings', unknown: name, meant })
})

app.hook.preInvocation(hooked => {
  observeInvocation(hooked, { telemetry, time })
  // Both look in the background, and seldom.
  appSettings.keepFresh(log)
  runTime.keepFresh()
})

// What a trigger throws is printed by the host.
app.hook.postInvocation(({ error }) => appSettings.redactor.redactError(error))
