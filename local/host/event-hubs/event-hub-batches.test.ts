import type { ReceivedEventData } from '@azure/event-hubs'
import { describe, expect, test } from 'vitest'
import type { Invocation, Outcome } from '../app/invoker.ts'
import type { RetryPolicy } from '../app/retry-policy.ts'
import type { HostConfig } from '../settings/host-json.ts'
import { partitionBatches } from './event-hub-batches.ts'

const defaults = { maxEventBatchSize: 3, minEventBatchSize: 1, maxWaitMs: 60_000, batchCheckpointFrequency: 1 }
const forever: RetryPolicy = { strategy: 'fixedDelay', maxRetryCount: -1, minDelayMs: 1, maxDelayMs: 1 }
const events = (...numbers: number[]) =>
  numbers.map(
    (sequenceNumber): ReceivedEventData =>
      ({
        body: Buffer.from(String(sequenceNumber)),
        sequenceNumber,
        offset: String(sequenceNumber * 100),
        enqueuedTimeUtc: new Date(0),
        partitionKey: null,
      }) as ReceivedEventData,
  )

interface Options {
  config?: Partial<HostConfig['eventHubs']>
  cardinality?: 'one' | 'many'
  retry?: RetryPolicy
  outcome?: (text: string) => Outcome | Promise<Outcome>
  checkpoint?: () => void
}

/** A partition whose steps are written down: "run 1,2" for an invocation, "at 2" for a checkpoint behind event 2. */
function partition({ config, cardinality = 'many', retry, outcome, checkpoint }: Options = {}) {
  const steps: string[] = []
  const stop = new AbortController()
  const { receive } = partitionBatches({
    plan: { name: 'f', bindingName: 't', cardinality, binary: false, ...(retry && { retry }) },
    config: { ...defaults, ...config } as HostConfig['eventHubs'],
    stopping: stop.signal,
    log: ({ message }) => steps.push(message.slice(0, 27)),
    invoker: {
      invoke: async ({ data }: Invocation) => {
        const text = (data.collectionString?.string ?? [data.string]).join()
        steps.push(`run ${text}`)
        return outcome?.(text) ?? { type: 'succeeded', response: {} }
      },
    },
  })
  const context = {
    fullyQualifiedNamespace: 'ns',
    eventHubName: 'hub',
    consumerGroup: '$Default',
    partitionId: '0',
    updateCheckpoint: async ({ sequenceNumber }: ReceivedEventData) => {
      checkpoint?.()
      steps.push(`at ${sequenceNumber}`)
    },
  }
  return { steps, stop, receive: (...numbers: number[]) => receive(events(...numbers), context) }
}

describe('partitionBatches()', () => {
  test('runs a batch only after the checkpoint of the one before', async () => {
    const { receive, steps } = partition()
    await receive(1, 2, 3, 4)
    expect(steps).toEqual(['run 1,2,3', 'at 3', 'run 4', 'at 4'])
  })
  test('moves the checkpoint on when the function throws', async () => {
    const { receive, steps } = partition({ outcome: () => ({ type: 'failed', error: new Error('no') }) })
    await receive(1)
    expect(steps).toEqual(['run 1', 'at 1'])
  })
  test('holds the partition under a retry policy until the function succeeds', async () => {
    let failures = 3
    const outcome = (): Outcome =>
      failures-- > 0 ? { type: 'failed', error: new Error('no') } : { type: 'succeeded', response: {} }
    const { receive, steps } = partition({ retry: forever, outcome })
    await receive(1)
    expect(steps).toEqual(['run 1', 'run 1', 'run 1', 'run 1', 'at 1'])
  })
  test('writes no checkpoint behind a batch whose retries were cancelled by a stop', async () => {
    const running = partition({
      retry: { ...forever, minDelayMs: 60_000 },
      outcome: () => ({ type: 'failed', error: new Error('no') }),
    })
    const done = running.receive(1, 2, 3, 4)
    await Promise.resolve()
    running.stop.abort()
    await done
    expect(running.steps).toEqual(['run 1,2,3'])
  })
  test('moves on behind a timed-out batch, unless a retry policy holds it', async () => {
    const plain = partition({ outcome: () => ({ type: 'timed-out' }) })
    await plain.receive(1)
    expect(plain.steps).toEqual(['run 1', 'at 1'])
    const held = partition({ outcome: () => ({ type: 'timed-out' }), retry: forever })
    await held.receive(1)
    expect(held.steps).toEqual(['run 1'])
  })
  test('waits for minEventBatchSize events, but no longer than maxWaitTime', async () => {
    const { receive, steps } = partition({ config: { minEventBatchSize: 2 } })
    await receive(1)
    expect(steps).toEqual([])
    await receive(2)
    expect(steps).toEqual(['run 1,2', 'at 2'])
    const impatient = partition({ config: { minEventBatchSize: 2, maxWaitMs: 0 } })
    await impatient.receive(1)
    expect(impatient.steps).toEqual(['run 1', 'at 1'])
  })
  test('writes a checkpoint every batchCheckpointFrequency batches', async () => {
    const { receive, steps } = partition({ config: { batchCheckpointFrequency: 2, maxEventBatchSize: 1 } })
    await receive(1, 2, 3)
    expect(steps).toEqual(['run 1', 'run 2', 'at 2', 'run 3'])
  })
  test('runs every event on its own for cardinality "one" and checkpoints once behind them', async () => {
    const { receive, steps } = partition({ cardinality: 'one' })
    await receive(1, 2)
    expect(steps).toEqual(['run 1', 'run 2', 'at 2'])
  })
  test('writes a checkpoint again that could not be written before it goes on', async () => {
    let failures = 1
    const checkpoint = () => {
      if (failures-- > 0) throw new Error('storage is away')
    }
    const { receive, steps } = partition({ config: { maxEventBatchSize: 1 }, checkpoint })
    await receive(1, 2)
    expect(steps).toEqual(['run 1', 'Cannot write the checkpoint', 'at 1', 'run 2', 'at 2'])
  })
})
