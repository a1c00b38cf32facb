import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import type { LogLevels } from '../workers/log-levels.ts'
import { timeSpanMs } from './time-span.ts'

export type HostConfig = ReturnType<typeof toConfig>

const timeSpan = z.string()
const HostJson = z.object({
  version: z.literal('2.0'),
  functionTimeout: timeSpan.optional(),
  functions: z.array(z.string()).optional(),
  extensions: z
    .object({
      http: z
        .object({
          routePrefix: z.string().default('api'),
          maxConcurrentRequests: z.int().min(-1).default(-1),
          maxOutstandingRequests: z.int().min(-1).default(-1),
          customHeaders: z.record(z.string(), z.string()).default({}),
          // Azure sends the header over https and to names beyond this machine only: here it never does.
          hsts: z.object({ isEnabled: z.boolean().default(false) }).optional(),
        })
        .prefault({}),
      queues: z
        .object({
          batchSize: z.int().min(1).max(32).default(16),
          newBatchThreshold: z.int().min(0).optional(),
          visibilityTimeout: timeSpan.default('00:00:00'),
          maxDequeueCount: z.int().min(1).default(5),
          // A minute on Azure; a second keeps a chain of stages quick on one machine.
          maxPollingInterval: timeSpan.default('00:00:01'),
          messageEncoding: z.enum(['base64', 'none']).default('base64'),
        })
        .prefault({}),
      eventHubs: z
        .object({
          maxEventBatchSize: z.int().min(1).default(100),
          minEventBatchSize: z.int().min(1).default(1),
          maxWaitTime: timeSpan.default('00:01:00'),
          prefetchCount: z.int().min(1).default(300),
          targetUnprocessedEventThreshold: z.int().min(1).optional(),
          batchCheckpointFrequency: z.int().min(1).default(1),
          enableCheckpointing: z.boolean().default(true),
          trackLastEnqueuedEventProperties: z.boolean().default(false),
          // 30 s and 2 min on Azure; on one machine a partition must not lie idle that long behind a dead process.
          loadBalancingUpdateInterval: timeSpan.default('00:00:01.500'),
          partitionOwnershipExpirationInterval: timeSpan.default('00:00:05'),
          initialOffsetOptions: z
            .object({
              type: z.enum(['fromStart', 'fromEnd', 'fromEnqueuedTime']).default('fromStart'),
              enqueuedTimeUtc: z.iso.datetime({ offset: true }).optional(),
            })
            .prefault({}),
        })
        .prefault({}),
    })
    .prefault({}),
})

// Every key Azure knows; those that the schema above lacks have no effect here.
const knownKeys: Record<string, string> = {
  '': 'version functionTimeout functions extensions extensionBundle logging aggregator healthMonitor singleton watchDirectories watchFiles concurrency customHandler managedDependency retry telemetryMode isDefaultHostConfig configurationProfile $schema',
  extensions:
    'http queues eventHubs blobs cosmosDB cosmosDb durableTask serviceBus sendGrid signalR eventGrid kafka warmup tables sql',
  'extensions.http':
    'routePrefix maxConcurrentRequests maxOutstandingRequests dynamicThrottlesEnabled hsts customHeaders',
  'extensions.queues':
    'batchSize newBatchThreshold visibilityTimeout maxDequeueCount maxPollingInterval messageEncoding',
  'extensions.eventHubs':
    'maxEventBatchSize minEventBatchSize maxWaitTime prefetchCount batchCheckpointFrequency initialOffsetOptions clientRetryOptions transportType webProxy trackLastEnqueuedEventProperties targetUnprocessedEventThreshold loadBalancingUpdateInterval partitionOwnershipExpirationInterval enableCheckpointing',
}

/**
 * Reads host.json of the app; keys Azure does not know are named in `warnings`.
 * @throws Error naming the file, field and value when a known one is wrong
 */
export function readHostJson(appDir: string): { config: HostConfig; warnings: string[] } {
  const path = join(appDir, 'host.json')
  const text = readFileSync(path, 'utf8')
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw new Error(`${path} is not JSON: ${cause instanceof Error ? cause.message : cause}`, { cause })
  }
  const parsed = HostJson.safeParse(json)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const name = issue?.path.join('.') ?? ''
    throw new Error(`${name} in ${path}: ${issue?.message}: current value is ${JSON.stringify(at(json, name))}`)
  }
  return { config: toConfig(parsed.data), warnings: unknownKeys(json) }
}

function toConfig({ functionTimeout = '00:30:00', functions, extensions }: z.infer<typeof HostJson>) {
  const { http, queues, eventHubs } = extensions
  if (eventHubs.minEventBatchSize > eventHubs.maxEventBatchSize) {
    throw new RangeError(
      `extensions.eventHubs.minEventBatchSize must be at most maxEventBatchSize ${eventHubs.maxEventBatchSize}: current value is ${eventHubs.minEventBatchSize}`,
    )
  }
  return {
    functionTimeoutMs: functionTimeout === '-1' ? undefined : timeSpanMs(functionTimeout, 'functionTimeout'),
    /** Only these run when host.json lists functions. */
    only: functions,
    logLevels: {} as LogLevels,
    routePrefix: http.routePrefix.replace(/^\/|\/$/g, ''),
    http: {
      maxConcurrentRequests: http.maxConcurrentRequests,
      maxOutstandingRequests: http.maxOutstandingRequests,
      customHeaders: http.customHeaders,
    },
    queues: {
      batchSize: queues.batchSize,
      newBatchThreshold: queues.newBatchThreshold ?? Math.floor((queues.batchSize / 2) * availableParallelism()),
      releaseMs: timeSpanMs(queues.visibilityTimeout, 'extensions.queues.visibilityTimeout'),
      maxDequeueCount: queues.maxDequeueCount,
      pollMsMax: Math.max(100, timeSpanMs(queues.maxPollingInterval, 'extensions.queues.maxPollingInterval')),
      base64: queues.messageEncoding === 'base64',
    },
    eventHubs: {
      maxEventBatchSize: eventHubs.maxEventBatchSize,
      minEventBatchSize: eventHubs.minEventBatchSize,
      maxWaitMs: timeSpanMs(eventHubs.maxWaitTime, 'extensions.eventHubs.maxWaitTime'),
      prefetchCount: eventHubs.prefetchCount,
      targetUnprocessedEventThreshold: eventHubs.targetUnprocessedEventThreshold,
      batchCheckpointFrequency: eventHubs.batchCheckpointFrequency,
      enableCheckpointing: eventHubs.enableCheckpointing,
      trackLastEnqueuedEventProperties: eventHubs.trackLastEnqueuedEventProperties,
      loadBalancingUpdateMs: timeSpanMs(
        eventHubs.loadBalancingUpdateInterval,
        'extensions.eventHubs.loadBalancingUpdateInterval',
      ),
      ownershipExpirationMs: timeSpanMs(
        eventHubs.partitionOwnershipExpirationInterval,
        'extensions.eventHubs.partitionOwnershipExpirationInterval',
      ),
      initialOffset: eventHubs.initialOffsetOptions,
    },
  }
}

function unknownKeys(json: unknown): string[] {
  return Object.entries(knownKeys).flatMap(([place, known]) => {
    const object = at(json, place)
    if (typeof object !== 'object' || object === null) return []
    return Object.keys(object)
      .filter(key => !known.split(' ').includes(key))
      .map(key => `host.json has a key that Azure Functions does not know: "${place === '' ? key : `${place}.${key}`}"`)
  })
}

function at(json: unknown, path: string): unknown {
  if (path === '') return json
  return path.split('.').reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), json)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
