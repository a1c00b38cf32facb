import { app } from '@azure/functions'
import { misspelt } from '../shared/schemas/settings/misspelt.ts'
import { ports } from './app.ts'
import { runTime } from './configuration.ts'
import { appSettings } from './settings.ts'

app.hook.appStart(() => {
  for (const { name, meant } of misspelt(process.env)) ports.log.warn({ stage: 'settings', unknown: name, meant })
})

// Both look in the background, and seldom.
app.hook.preInvocation(() => {
  appSettings.keepFresh(ports.log)
  runTime.keepFresh()
})

// What a trigger throws is printed by the host.
app.hook.postInvocation(({ error }) => appSettings.redactor.redactError(error))
