import type { ConfigReader } from './config-reader.ts'

const bundlePattern = /^Microsoft\.Azure\.Functions\.ExtensionBundle(\.Preview|\.Experimental|\.Workflows)?$/
const rangePattern = /^[[(]\s*\d[\d.*]*\s*,\s*\d[\d.*]*\s*[\])]$/

/**
 * Checks the keys of host.json that Azure knows and that have no effect on one machine; those that change what an app does are
 * named in `warnings`. Source: learn.microsoft.com/azure/azure-functions/functions-host-json
 */
export function readWithoutEffect(reader: ConfigReader, warnings: string[]): void {
  readExtensionBundle(reader)
  readMonitoring(reader)
  readSingleton(reader)
  if (reader.has('retry')) {
    throw reader.wrong('retry', 'is not supported for a whole app any more: give each function its own retry policy')
  }
  if (reader.boolean('concurrency.dynamicConcurrencyEnabled', false)) {
    warnings.push('host.json sets concurrency.dynamicConcurrencyEnabled, which the local host takes but does not apply')
  }
  reader.boolean('concurrency.snapshotPersistenceEnabled', true)
  if (reader.entries('customHandler').length > 0) {
    throw reader.wrong('customHandler', 'must not be set: the local host runs Node.js functions only')
  }
  reader.texts('watchDirectories')
  reader.texts('watchFiles')
  reader.boolean('managedDependency.enabled', false)
  reader.boolean('sendCanceledInvocationsToWorker', true)
  reader.boolean('isDefaultHostConfig', false)
  reader.text('configurationProfile', undefined)
  reader.text('$schema', undefined)
}

function readExtensionBundle(reader: ConfigReader): void {
  const { id, version } = {
    id: reader.text('extensionBundle.id', undefined),
    version: reader.text('extensionBundle.version', undefined),
  }
  if (!reader.has('extensionBundle')) return
  if (id === undefined || !bundlePattern.test(id)) {
    throw reader.wrong('extensionBundle.id', 'must be "Microsoft.Azure.Functions.ExtensionBundle"')
  }
  if (version === undefined || !rangePattern.test(version)) {
    throw reader.wrong('extensionBundle.version', 'must be a range of versions like "[4.*, 5.0.0)"')
  }
}

function readMonitoring(reader: ConfigReader): void {
  reader.oneOf('logging.fileLoggingMode', ['never', 'always', 'debugOnly'], 'debugOnly')
  reader.boolean('logging.console.isEnabled', true)
  reader.boolean('logging.console.disableColors', false)
  reader.entries('logging.applicationInsights')
  reader.oneOf('telemetryMode', ['applicationInsights', 'openTelemetry'], 'applicationInsights')
  reader.integer('aggregator.batchSize', { min: 1, max: 10_000 }, 1_000)
  reader.timeSpan('aggregator.flushTimeout', { min: 1, max: 300_000 }, 30_000)
  reader.boolean('healthMonitor.enabled', true)
  reader.timeSpan('healthMonitor.healthCheckInterval', { min: 1 }, 10_000)
  reader.timeSpan('healthMonitor.healthCheckWindow', { min: 1 }, 120_000)
  reader.integer('healthMonitor.healthCheckThreshold', { min: 1 }, 6)
  reader.number('healthMonitor.counterThreshold', { min: 0, max: 1 }, 0.8)
}

/** The locks of singletons; on one machine they are never contended. */
function readSingleton(reader: ConfigReader): void {
  const [least, most] = [15_000, 60_000]
  reader.timeSpan('singleton.lockPeriod', { min: least, max: most }, least)
  reader.timeSpan('singleton.listenerLockPeriod', { min: least, max: most }, most)
  reader.timeSpan('singleton.listenerLockRecoveryPollingInterval', { min: least }, most)
  reader.timeSpan('singleton.lockAcquisitionTimeout', { min: 1 }, most)
  reader.timeSpan('singleton.lockAcquisitionPollingInterval', { min: 1 }, 3_000)
}
