import type { ReceivedEventData } from '@azure/event-hubs'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Invocation, Outcome } from '../app/invoker.ts'
import type { RetryPolicy } from '../app/retry-policy.ts'
import type { HostConfig } from '../settings/host-json.ts'
import { partitionBatches } from './event-hub-batches.ts'

const defaults = {
  maxEventBatchSize: 3,
  minEventBatchSize: 1,
  maxWaitMs: 60_000,
  batchCheckpointFrequency: 1,
  enableCheckpointing: true,
}
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
  checkpointAt?: Date
}

/** A partition whose steps are written down: "run 1,2" for an invocation, "at 2" for a checkpoint behind event 2. */
function partition({ config, cardinality = 'many', retry, outcome, checkpoint, checkpointAt }: Options = {}) {
  const steps: string[] = []
  const stop = new AbortController()
  const batches = partitionBatches({
    plan: { name: 'f', bindingName: 't', cardinality, binary: false, ...(retry && { retry }) },
    config: { ...defaults, ...config } as HostConfig['eventHubs'],
    stopping: stop.signal,
    checkpointAt,
    before: Promise.resolve(),
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
  return { ...batches, steps, stop, receive: (...numbers: number[]) => batches.receive(events(...numbers), context) }
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
  describe('with a minEventBatchSize', () => {
    beforeEach(() => {
      vi.useFakeTimers({ now: new Date('2026-03-01T10:00:00Z') })
    })
    afterEach(() => {
      vi.useRealTimers()
    })
    const minimum = { minEventBatchSize: 2, maxWaitMs: 10_000 }
    const justNow = new Date('2026-03-01T09:59:56Z')

    test('waits for that many events, and what is left of a receive waits anew', async () => {
      const { receive, steps } = partition({ config: minimum, checkpointAt: justNow })
      await receive(1)
      expect(steps).toEqual([])
      await receive(2, 3, 4)
      expect(steps).toEqual(['run 1,2,3', 'at 3'])
      await vi.advanceTimersByTimeAsync(9_999)
      expect(steps).toHaveLength(2)
      await vi.advanceTimersByTimeAsync(1)
      expect(steps.slice(2)).toEqual(['run 4', 'at 4'])
    })
    test('waits for the first batch no longer than maxWaitTime since the checkpoint was written', async () => {
      const { receive, steps } = partition({ config: minimum, checkpointAt: justNow })
      await receive(1)
      await vi.advanceTimersByTimeAsync(5_999)
      expect(steps).toEqual([])
      await vi.advanceTimersByTimeAsync(1)
      expect(steps).toEqual(['run 1', 'at 1'])
    })
    test.each([
      ['no checkpoint', undefined],
      ['an old checkpoint', new Date('2026-03-01T09:00:00Z')],
    ])('does not wait for the first batch behind %s', async (_, checkpointAt) => {
      const { receive, steps } = partition({ config: minimum, ...(checkpointAt && { checkpointAt }) })
      await receive(1)
      await vi.advanceTimersByTimeAsync(0)
      expect(steps).toEqual(['run 1', 'at 1'])
      await receive(2)
      await vi.advanceTimersByTimeAsync(9_999)
      expect(steps).toHaveLength(2)
    })
    test('runs nothing that waits once the partition is lost or the listener stops', async () => {
      const lost = partition({ config: minimum, checkpointAt: justNow })
      await lost.receive(1)
      lost.lose()
      const stopped = partition({ config: minimum, checkpointAt: justNow })
      await stopped.receive(1)
      stopped.stop.abort()
      await stopped.close()
      await vi.advanceTimersByTimeAsync(60_000)
      expect([lost.steps, stopped.steps]).toEqual([[], []])
    })
    test('means nothing for cardinality "one"', async () => {
      const { receive, steps } = partition({ config: minimum, cardinality: 'one', checkpointAt: justNow })
      await receive(1)
      expect(steps).toEqual(['run 1', 'at 1'])
    })
  })
  test.each(['lost', 'stopped'])('writes no checkpoint behind a batch during which it was %s', async how => {
    const running = partition({
      outcome: () => {
        if (how === 'lost') running.lose()
        else running.stop.abort()
        return { type: 'succeeded', response: {} }
      },
    })
    await running.receive(1, 2, 3, 4)
    expect(running.steps).toEqual(['run 1,2,3'])
  })
  test('writes no checkpoint with enableCheckpointing off', async () => {
    const { receive, close, steps } = partition({ config: { enableCheckpointing: false, batchCheckpointFrequency: 2 } })
    await receive(1, 2, 3, 4, 5, 6)
    await close()
    expect(steps).toEqual(['run 1,2,3', 'run 4,5,6'])
  })
  test('writes a checkpoint every batchCheckpointFrequency batches', async () => {
    const { receive, steps } = partition({ config: { batchCheckpointFrequency: 2, maxEventBatchSize: 1 } })
    await receive(1, 2, 3)
    expect(steps).toEqual(['run 1', 'run 2', 'at 2', 'run 3'])
  })
  test('checkpoints what is done between two such batches at a stop, but not once the partition is lost', async () => {
    const config = { batchCheckpointFrequency: 10 }
    const stopped = partition({ config })
    await stopped.receive(1)
    stopped.stop.abort()
    await stopped.close()
    expect(stopped.steps).toEqual(['run 1', 'at 1'])
    const lost = partition({ config })
    await lost.receive(1)
    lost.lose()
    await lost.close()
    expect(lost.steps).toEqual(['run 1'])
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
