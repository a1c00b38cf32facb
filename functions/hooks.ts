import { app } from '@azure/functions'
import { misspelt } from '../shared/schemas/settings/misspelt.ts'
import { appSettings, ports } from './app.ts'

app.hook.appStart(() => {
  for (const { name, meant } of misspelt(process.env)) ports.log.warn({ stage: 'settings', unknown: name, meant })
})

if (appSettings.ofVault.length > 0) app.hook.preInvocation(() => appSettings.keepFresh(ports.log))

// What a trigger throws is printed by the host.
app.hook.postInvocation(({ error }) => appSettings.redactor.redactError(error))
