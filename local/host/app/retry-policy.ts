import { setTimeout as delay } from 'node:timers/promises'
import type { FunctionMetadata, RetryContext } from './core-types.ts'
import type { Outcome } from './invoker.ts'

export interface RetryPolicy {
  strategy: 'fixedDelay' | 'exponentialBackoff'
  /** -1 retries for ever. */
  maxRetryCount: number
  minDelayMs: number
  maxDelayMs: number
}

/**
 * Runs an invocation until it succeeds, the policy is exhausted or `signal` aborts the wait between two attempts; the outcome
 * is that of the last attempt, or `cancelled` when a wait was aborted. A timed-out attempt is not repeated, as its process is
 * about to end.
 */
export async function withRetries(
  policy: RetryPolicy | undefined,
  signal: AbortSignal,
  attempt: (retry: RetryContext | undefined) => Promise<Outcome>,
): Promise<Outcome | { type: 'cancelled' }> {
  let outcome = await attempt(undefined)
  if (policy === undefined) return outcome
  for (
    let retry = 1;
    outcome.type === 'failed' && (policy.maxRetryCount < 0 || retry <= policy.maxRetryCount);
    retry++
  ) {
    const waited = await delay(delayMs(policy, retry), true, { signal }).catch(error => {
      if (signal.aborted) return false
      throw error
    })
    if (!waited) return { type: 'cancelled' }
    outcome = await attempt({
      retryCount: retry,
      maxRetryCount: policy.maxRetryCount,
      exception: { message: outcome.error.message, stackTrace: outcome.error.stack ?? '', source: '' },
    })
  }
  return outcome
}

/** Delay before the given retry (1 is the first): constant, or doubling from the minimum up to the maximum. */
export function delayMs(policy: RetryPolicy, retry: number): number {
  if (policy.strategy === 'fixedDelay') return policy.minDelayMs
  return Math.min(policy.maxDelayMs, policy.minDelayMs * 2 ** Math.min(retry - 1, 30))
}

/** The policy of a registration, or undefined. @throws RangeError when its strategy is unknown */
export function retryPolicy({ name, retryOptions }: FunctionMetadata): RetryPolicy | undefined {
  if (retryOptions === undefined) return undefined
  const strategy = retryOptions.retryStrategy
  const maxRetryCount = retryOptions.maxRetryCount ?? -1
  const ms = (duration: { seconds?: number } | undefined) => (duration?.seconds ?? 0) * 1000
  if (strategy === 'fixedDelay') {
    const delayIntervalMs = ms(retryOptions.delayInterval)
    return { strategy, maxRetryCount, minDelayMs: delayIntervalMs, maxDelayMs: delayIntervalMs }
  }
  if (strategy === 'exponentialBackoff') {
    const minDelayMs = ms(retryOptions.minimumInterval)
    return { strategy, maxRetryCount, minDelayMs, maxDelayMs: Math.max(minDelayMs, ms(retryOptions.maximumInterval)) }
  }
  throw new RangeError(
    `retry.strategy of function "${name}" must be "fixedDelay" or "exponentialBackoff": current value is "${strategy}"`,
  )
}
