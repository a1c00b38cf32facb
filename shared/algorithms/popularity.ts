/** An exponentially decayed sum of events: its value as of the time of the latest of them. */
interface DecayedCounter {
  value: number
  /** milliseconds since the epoch */
  at: number
}

/**
 * The counter with one more event. The result does not depend on the order of events: an event later than the counter
 * moves it forward, an earlier one adds what is left of its weight at the counter's own time.
 * @param counter a new one is `{ value: 0, at: 0 }`
 * @throws RangeError when the half-life is not above 0 or a number is not finite
 */
export function decayedAdd(counter: DecayedCounter, weight: number, at: number, halfLifeMs: number): DecayedCounter {
  checkFinite({ weight, at })
  if (at <= counter.at) {
    return { value: counter.value + weight * decay(counter.at - at, halfLifeMs), at: counter.at }
  }
  return { value: decayedValue(counter, at, halfLifeMs) + weight, at }
}

/**
 * What the counter is worth at a time: it halves every `halfLifeMs`. A time before the counter's own scales it up by
 * the same law, so that counters read at one time compare the same whichever time that is.
 * @throws RangeError when the half-life is not above 0 or the time is not finite
 */
export function decayedValue(counter: DecayedCounter, at: number, halfLifeMs: number): number {
  checkFinite({ at })
  const remaining = decay(at - counter.at, halfLifeMs)
  // Nothing stays nothing, also where the scale is infinite.
  return counter.value === 0 ? 0 : counter.value * remaining
}

/**
 * What is left of 1 after a time; of a negative time, what it was before.
 * @throws RangeError when the half-life is not above 0
 */
export function decay(elapsedMs: number, halfLifeMs: number): number {
  if (!(halfLifeMs > 0)) {
    throw new RangeError(`Cannot decay as halfLifeMs must be a number > 0: current value is ${halfLifeMs}`)
  }
  return 2 ** (-elapsedMs / halfLifeMs)
}

function checkFinite(numbers: Record<string, number>): void {
  for (const [name, number] of Object.entries(numbers)) {
    if (Number.isFinite(number)) continue
    throw new RangeError(`Cannot decay as ${name} must be a finite number: current value is ${number}`)
  }
}
