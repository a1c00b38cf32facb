import { availableParallelism } from 'node:os'
import type { ConfigReader } from './config-reader.ts'

const notApplied = (name: string) => `host.json sets ${name}, which the local host takes but does not apply`

/** Source: learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook#hostjson-settings */
export function httpConfig(reader: ConfigReader, warnings: string[]) {
  const http = 'extensions.http'
  if (reader.boolean(`${http}.dynamicThrottlesEnabled`, false)) {
    warnings.push(notApplied(`${http}.dynamicThrottlesEnabled`))
  }
  // Azure sends the header over https and to names beyond this machine only: here it never does.
  reader.boolean(`${http}.hsts.isEnabled`, false)
  reader.boolean(`${http}.hsts.includeSubDomains`, false)
  reader.boolean(`${http}.hsts.preload`, false)
  // Azure reads "10" as ten days, like every TimeSpan that is a whole number.
  reader.text(`${http}.hsts.maxAge`, undefined)
  reader.texts(`${http}.hsts.excludedHosts`)
  return {
    routePrefix: reader.text(`${http}.routePrefix`, 'api').replace(/^\/|\/$/g, ''),
    http: {
      maxConcurrentRequests: reader.integer(`${http}.maxConcurrentRequests`, { min: -1 }, -1),
      maxOutstandingRequests: reader.integer(`${http}.maxOutstandingRequests`, { min: -1 }, -1),
      customHeaders: customHeaders(reader),
    },
  }
}

function customHeaders(reader: ConfigReader): Record<string, string> {
  const place = 'extensions.http.customHeaders'
  const depth = place.split('.').length
  return Object.fromEntries(
    reader.entries(place).map(({ path, value }): [string, string] => [path.slice(depth).join(':'), String(value)]),
  )
}

/** Source: learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue#hostjson-settings */
export function queuesConfig(reader: ConfigReader) {
  const queues = 'extensions.queues'
  const batchSize = reader.integer(`${queues}.batchSize`, { min: 1, max: 32 }, 16)
  const thresholdDefault = Math.floor((batchSize / 2) * availableParallelism())
  return {
    batchSize,
    newBatchThreshold: reader.integer(`${queues}.newBatchThreshold`, { min: 0 }, thresholdDefault),
    releaseMs: reader.timeSpan(`${queues}.visibilityTimeout`, { min: 0, max: 7 * 86_400_000 }, 0),
    maxDequeueCount: reader.integer(`${queues}.maxDequeueCount`, { min: 1 }, 5),
    // A minute on Azure; a second keeps a chain of stages quick on one machine.
    pollMsMax: reader.timeSpan(`${queues}.maxPollingInterval`, { min: 100 }, 1_000),
    base64: reader.oneOf(`${queues}.messageEncoding`, ['base64', 'none'], 'base64') === 'base64',
  }
}

/** Source: learn.microsoft.com/azure/azure-functions/functions-bindings-event-hubs#hostjson-settings */
export function eventHubsConfig(reader: ConfigReader, warnings: string[]) {
  const hubs = 'extensions.eventHubs'
  const maxEventBatchSize = reader.integer(`${hubs}.maxEventBatchSize`, { min: 1 }, 100)
  const minEventBatchSize = reader.integer(`${hubs}.minEventBatchSize`, { min: 1 }, 1)
  if (minEventBatchSize > maxEventBatchSize) {
    throw reader.wrong(`${hubs}.minEventBatchSize`, `must be at most maxEventBatchSize ${maxEventBatchSize}`)
  }
  const type = reader.oneOf(
    `${hubs}.initialOffsetOptions.type`,
    ['fromStart', 'fromEnd', 'fromEnqueuedTime'],
    'fromStart' as const,
  )
  const enqueuedTimeUtc = reader.text(`${hubs}.initialOffsetOptions.enqueuedTimeUtc`, '')
  if (type === 'fromEnqueuedTime' && Number.isNaN(Date.parse(enqueuedTimeUtc))) {
    throw reader.wrong(`${hubs}.initialOffsetOptions.enqueuedTimeUtc`, 'must be a time as its type is fromEnqueuedTime')
  }
  readUnappliedEventHubs(reader, warnings)
  return {
    maxEventBatchSize,
    minEventBatchSize,
    maxWaitMs: reader.timeSpan(`${hubs}.maxWaitTime`, { min: 1, max: 600_000 }, 60_000),
    prefetchCount: reader.integer(`${hubs}.prefetchCount`, { min: 0 }, 300),
    targetUnprocessedEventThreshold: reader.integer(`${hubs}.targetUnprocessedEventThreshold`, { min: 1 }, undefined),
    batchCheckpointFrequency: reader.integer(`${hubs}.batchCheckpointFrequency`, { min: 1 }, 1),
    enableCheckpointing: reader.boolean(`${hubs}.enableCheckpointing`, true),
    trackLastEnqueuedEventProperties: reader.boolean(`${hubs}.trackLastEnqueuedEventProperties`, false),
    // 30 s and 2 min on Azure; on one machine a partition must not lie idle that long behind a dead process.
    loadBalancingUpdateMs: reader.timeSpan(`${hubs}.loadBalancingUpdateInterval`, { min: 1 }, 1_500),
    ownershipExpirationMs: reader.timeSpan(`${hubs}.partitionOwnershipExpirationInterval`, { min: 1 }, 5_000),
    initialOffset: { type, ...(enqueuedTimeUtc !== '' && { enqueuedTimeUtc }) },
  }
}

function readUnappliedEventHubs(reader: ConfigReader, warnings: string[]): void {
  const hubs = 'extensions.eventHubs'
  const retry = `${hubs}.clientRetryOptions`
  if (reader.has(retry)) warnings.push(notApplied(retry))
  reader.oneOf(`${retry}.mode`, ['exponential', 'fixed'], undefined)
  reader.timeSpan(`${retry}.tryTimeout`, { min: 1 }, undefined)
  reader.timeSpan(`${retry}.delay`, { min: 1, max: 300_000 }, undefined)
  reader.timeSpan(`${retry}.maximumDelay`, { min: 0 }, undefined)
  reader.integer(`${retry}.maximumRetries`, { min: 0, max: 100 }, undefined)
  const changed = [
    reader.oneOf(`${hubs}.transportType`, ['amqpTcp', 'amqpWebSockets'], 'amqpTcp') !== 'amqpTcp' && 'transportType',
    reader.text(`${hubs}.webProxy`, undefined) !== undefined && 'webProxy',
    reader.text(`${hubs}.customEndpointAddress`, undefined) !== undefined && 'customEndpointAddress',
  ]
  for (const name of changed) if (name !== false) warnings.push(notApplied(`${hubs}.${name}`))
  // It bounds memory of the .NET client; prefetchCount bounds that of this host's.
  reader.integer(`${hubs}.prefetchSizeInBytes`, { min: 1 }, undefined)
}

/** Extensions whose triggers this host does not run: an app may set them, they reach nothing. */
export function readOtherExtensions(reader: ConfigReader): void {
  reader.integer('extensions.blobs.maxDegreeOfParallelism', { min: 1 }, undefined)
  reader.integer('extensions.blobs.poisonBlobThreshold', { min: 1 }, undefined)
  const names =
    'cosmosDB durableTask serviceBus sendGrid signalR eventGrid kafka warmup tables sql mySql rabbitMQ dapr mcp redis webPubSub'
  for (const name of names.split(' ')) reader.entries(`extensions.${name}`)
}
