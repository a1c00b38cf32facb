import { setTimeout as delay } from 'node:timers/promises'
import { backoffMs } from './backoff.ts'
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

/** Delay before the given retry (1 is the first): constant, or growing from the minimum up to the maximum. */
function delayMs(policy: RetryPolicy, retry: number): number {
  if (policy.strategy === 'fixedDelay') return policy.minDelayMs
  return backoffMs(retry, { minMs: policy.minDelayMs, maxMs: policy.maxDelayMs }, Math.random())
}

/**
 * The policy of a registration, or undefined. Source: Azure/azure-functions-host, Utility.ValidateRetryOptions.
 * @throws RangeError naming the function and the field that is missing or wrong
 */
export function retryPolicy({ name, retryOptions }: FunctionMetadata): RetryPolicy | undefined {
  if (retryOptions === undefined) return undefined
  const strategy = retryOptions.retryStrategy
  const fail = (field: string, must: string, value: unknown) =>
    new RangeError(`retry.${field} of function "${name}" must be ${must}: current value is ${JSON.stringify(value)}`)
  const ms = (field: 'delayInterval' | 'minimumInterval' | 'maximumInterval') => {
    const seconds = retryOptions[field]?.seconds
    if (seconds === undefined || seconds < 0) throw fail(field, 'a duration', retryOptions[field])
    return seconds * 1000
  }
  if (strategy !== 'fixedDelay' && strategy !== 'exponentialBackoff') {
    throw fail('strategy', '"fixedDelay" or "exponentialBackoff"', strategy)
  }
  const { maxRetryCount } = retryOptions
  if (maxRetryCount === undefined || !Number.isInteger(maxRetryCount) || maxRetryCount < -1) {
    throw fail('maxRetryCount', 'a whole number of at least -1', maxRetryCount)
  }
  if (strategy === 'fixedDelay') {
    const delayIntervalMs = ms('delayInterval')
    return { strategy, maxRetryCount, minDelayMs: delayIntervalMs, maxDelayMs: delayIntervalMs }
  }
  const [minDelayMs, maxDelayMs] = [ms('minimumInterval'), ms('maximumInterval')]
  if (minDelayMs > maxDelayMs) throw fail('minimumInterval', 'at most maximumInterval', retryOptions.minimumInterval)
  return { strategy, maxRetryCount, minDelayMs, maxDelayMs }
}
