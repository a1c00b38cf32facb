import { describe, expect, test } from 'vitest'
import type { RetryContext } from './core-types.ts'
import type { Outcome } from './invoker.ts'
import { type RetryPolicy, retryPolicy, withRetries } from './retry-policy.ts'

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

describe('retryPolicy()', () => {
  const policy = (retryOptions: object) => retryPolicy({ name: 'f', bindings: {}, retryOptions })
  const seconds = (count: number) => ({ seconds: count })

  test('reads what a function registers', () => {
    expect(policy({ retryStrategy: 'fixedDelay', maxRetryCount: -1, delayInterval: seconds(5) })).toEqual({
      strategy: 'fixedDelay',
      maxRetryCount: -1,
      minDelayMs: 5_000,
      maxDelayMs: 5_000,
    })
    const intervals = { minimumInterval: seconds(1), maximumInterval: seconds(60) }
    expect(policy({ retryStrategy: 'exponentialBackoff', maxRetryCount: 3, ...intervals })).toEqual({
      strategy: 'exponentialBackoff',
      maxRetryCount: 3,
      minDelayMs: 1_000,
      maxDelayMs: 60_000,
    })
  })
  test.each([
    [{ retryStrategy: 'sometimes', maxRetryCount: 1 }, 'retry.strategy of function "f"'],
    [{ retryStrategy: 'fixedDelay', delayInterval: seconds(1) }, 'retry.maxRetryCount of function "f"'],
    [{ retryStrategy: 'fixedDelay', delayInterval: seconds(1), maxRetryCount: -2 }, 'current value is -2'],
    [{ retryStrategy: 'fixedDelay', maxRetryCount: 1 }, 'retry.delayInterval of function "f"'],
    [{ retryStrategy: 'exponentialBackoff', maxRetryCount: 1, minimumInterval: seconds(1) }, 'retry.maximumInterval'],
    [
      {
        retryStrategy: 'exponentialBackoff',
        maxRetryCount: 1,
        minimumInterval: seconds(2),
        maximumInterval: seconds(1),
      },
      'retry.minimumInterval of function "f" must be at most maximumInterval',
    ],
  ])('refuses %j by the field that is wrong', (retryOptions, message) => {
    expect(() => policy(retryOptions)).toThrow(message)
  })
})
