import { app } from '@azure/functions'
import { AppInsights } from '../shared/adapters/azure/app-insights.ts'
import { identities } from '../shared/adapters/azure/identities.ts'
import { ports, settings } from './app.ts'

const { APPLICATIONINSIGHTS_CONNECTION_STRING: connectionString, TELEMETRY_SAMPLE_SHARE: share } = settings
const { WEBSITE_SITE_NAME: role = 'sidecart', WEBSITE_INSTANCE_ID: instance = String(process.pid) } = process.env
const everyMs = 60_000

if (connectionString !== undefined) {
  const [, clientId] = /ClientId=([^;]+)/.exec(settings.APPLICATIONINSIGHTS_AUTHENTICATION_STRING ?? '') ?? []
  const signsIn = settings.APPLICATIONINSIGHTS_AUTHENTICATION_STRING !== undefined
  const identity = signsIn ? identities()({ credential: 'managedidentity', clientId }) : undefined
  const { telemetry, log, redact } = ports
  const insights = new AppInsights({ connectionString, identity, role, instance, share, redact, log }, telemetry)
  setInterval(() => insights.send(), everyMs).unref()
  app.hook.appTerminate(() => insights.send())
}
