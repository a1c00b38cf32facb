// A process of its own for the tests: the SDK of Application Insights takes seconds and 80 MB to load, trusts another
// certificate only from NODE_EXTRA_CA_CERTS, and cannot be unloaded. Each message is one telemetry item to send.
import { KnownSeverityLevel, TelemetryClient } from 'applicationinsights'

const client = new TelemetryClient(process.env.APPLICATIONINSIGHTS_CONNECTION_STRING)

const send: Readonly<Record<string, (name: string) => void>> = {
  trace: name =>
    client.trackTrace({ message: name, severity: KnownSeverityLevel.Warning, properties: { shop: 'one' } }),
  event: name => client.trackEvent({ name, properties: { shop: 'one' }, measurements: { items: 3 } }),
  metric: name => client.trackMetric({ name, value: 42 }),
  exception: name => client.trackException({ exception: new Error(name) }),
  request: name =>
    client.trackRequest({
      name,
      url: 'http://shop/',
      duration: 12,
      resultCode: '200',
      success: true,
      time: new Date(),
    }),
  dependency: name =>
    client.trackDependency({
      ...{ name, target: 'cosmos', data: 'read', dependencyTypeName: 'HTTP' },
      ...{ duration: 3, resultCode: '200', success: true, time: new Date() },
    }),
}

process.on('message', async ({ type, name }: { type: string; name: string }) => {
  send[type]?.(name)
  await client.flush()
  process.send?.({ flushed: name })
})
process.on('disconnect', () => process.exit(0))
process.send?.({ flushed: 'start' })
