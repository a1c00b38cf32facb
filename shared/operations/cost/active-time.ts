/** An instance that works is billed for so long at least, and beyond that in steps. Source: Microsoft, "Flex Consumption plan". */
export const periodMinSeconds = 1
export const periodStepSeconds = 0.1

/**
 * The share of time in which an instance on demand is billed, 0 to 1, while calls of `seconds` each arrive at random `perSecond` and
 * run side by side. A billed period begins with a call that finds none open; it lasts until no call runs, at least a second, and
 * ends at a step. With arrivals of rate λ and calls of d, the time until nothing runs is (e^λd − 1) / λ from a call that begins
 * it, and (e^λd − 1 − λd) / λ from a moment like any other, which is what is left when the first second is over; then it is
 * 1 / λ to the next call. Source: Takács, "Introduction to the Theory of Queues", 1962 (busy periods without a queue).
 * @throws RangeError when one of both is negative or not finite
 */
export function activeShare({ perSecond, seconds }: { perSecond: number; seconds: number }): number {
  if (!(perSecond >= 0 && seconds >= 0) || !Number.isFinite(perSecond + seconds)) {
    throw new RangeError(
      `Cannot tell the active share as rate and duration must be 0 or more: current values are ${perSecond} and ${seconds}`,
    )
  }
  if (perSecond === 0) return 0
  const load = perSecond * seconds
  // An instance that would hardly ever rest is never off.
  if (load > 30) return 1
  const period =
    seconds >= periodMinSeconds
      ? Math.expm1(load) / perSecond + periodStepSeconds / 2
      : periodMinSeconds +
        (Math.expm1(load) - load) / perSecond +
        // On average half a step is added where the first second did not suffice.
        (-Math.expm1(-load) * periodStepSeconds) / 2
  return period / (period + 1 / perSecond)
}

/** What one call that runs alone is billed, in seconds. */
export function billedAlone(seconds: number): number {
  const steps = Math.ceil(seconds / periodStepSeconds - 1e-9)
  return Math.max(periodMinSeconds, steps * periodStepSeconds)
}
