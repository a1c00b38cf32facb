const randomization = 0.2

/**
 * Waits that grow: the minimum first, then the minimum plus 1, 2, 4, ... times the minimum, each varied by a fifth, up to the
 * maximum. Source: Azure/azure-webjobs-sdk, RandomizedExponentialBackoffStrategy.
 * @param attempt 1 is the first wait
 * @param random in [0, 1)
 */
export function backoffMs(attempt: number, { minMs, maxMs }: { minMs: number; maxMs: number }, random: number): number {
  if (attempt <= 1) return Math.min(minMs, maxMs)
  const factor = 1 - randomization + random * 2 * randomization
  return Math.min(maxMs, minMs + factor * 2 ** Math.min(attempt - 2, 30) * minMs)
}
