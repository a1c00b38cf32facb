import { describe, expect, test } from 'vitest'
import type { RetryContext } from './core-types.ts'
import type { Outcome } from './invoker.ts'
import { delayMs, type RetryPolicy, retryPolicy, withRetries } from './retry-policy.ts'

const policy: RetryPolicy = { strategy: 'fixedDelay', maxRetryCount: 2, minDelayMs: 1, maxDelayMs: 1 }
const never = new AbortController().signal

function attempts(outcomes: Outcome['type'][]) {
  const contexts: (RetryContext | undefined)[] = []
  const attempt = async (context: RetryContext | undefined): Promise<Outcome> => {
    contexts.push(context)
    const type = outcomes.shift() ?? 'succeeded'
    if (type === 'failed') return { type, error: new Error('no') }
    return type === 'succeeded' ? { type, response: {} } : { type }
  }
  return { contexts, attempt }
}

describe('withRetries()', () => {
  test('tries once without a policy', async () => {
    const { attempt, contexts } = attempts(['failed'])
    expect(await withRetries(undefined, never, attempt)).toMatchObject({ type: 'failed' })
    expect(contexts).toEqual([undefined])
  })
  test('tries again until success and tells the function how often it has been retried', async () => {
    const { attempt, contexts } = attempts(['failed', 'failed'])
    expect(await withRetries(policy, never, attempt)).toMatchObject({ type: 'succeeded' })
    expect(contexts).toMatchObject([
      undefined,
      { retryCount: 1, maxRetryCount: 2 },
      { retryCount: 2, exception: { message: 'no' } },
    ])
  })
  test('gives up behind maxRetryCount, and never with -1', async () => {
    expect(await withRetries(policy, never, attempts(['failed', 'failed', 'failed']).attempt)).toMatchObject({
      type: 'failed',
    })
    const many = attempts(Array(20).fill('failed'))
    expect(await withRetries({ ...policy, maxRetryCount: -1 }, never, many.attempt)).toMatchObject({
      type: 'succeeded',
    })
    expect(many.contexts).toHaveLength(21)
  })
  test('is cancelled while it waits, and does not repeat a timed-out attempt', async () => {
    const stop = new AbortController()
    const waiting = withRetries({ ...policy, minDelayMs: 60_000 }, stop.signal, attempts(['failed']).attempt)
    stop.abort()
    expect(await waiting).toEqual({ type: 'cancelled' })
    expect(await withRetries(policy, never, attempts(['timed-out']).attempt)).toEqual({ type: 'timed-out' })
  })
})

test('exponential back-off doubles from the minimum up to the maximum', () => {
  const backoff: RetryPolicy = { strategy: 'exponentialBackoff', maxRetryCount: 9, minDelayMs: 1000, maxDelayMs: 5000 }
  expect([1, 2, 3, 4, 99].map(retry => delayMs(backoff, retry))).toEqual([1000, 2000, 4000, 5000, 5000])
})

test('a registration with an unknown strategy is refused by name', () => {
  const metadata = { name: 'f', bindings: {}, retryOptions: { retryStrategy: 'sometimes' } }
  expect(() => retryPolicy(metadata)).toThrow('retry.strategy of function "f"')
})
