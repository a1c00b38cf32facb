import type { Telemetry } from '../../ports.ts'
import type { Trigger } from '../../schemas/telemetry.ts'

/** A stretch is billed as at least a second, and in steps of a tenth. */
const stretchMsMin = 1_000
const stepMs = 100
/** What never pauses is told of this often. */
const partMs = 10_000

/**
 * Invocations, and for how long at least one of them ran, by trigger: Flex Consumption bills an instance for that time, however
 * many run at once, and every trigger has instances of its own.
 */
export class ActiveTime {
  readonly #telemetry: Pick<Telemetry, 'count'>
  readonly #nowMs: () => number
  readonly #stretches = new Map<Trigger, { running: number; sinceMs: number; billedMs: number }>()

  constructor(telemetry: Pick<Telemetry, 'count'>, nowMs: () => number) {
    this.#telemetry = telemetry
    this.#nowMs = nowMs
  }

  /** Tells that an invocation has begun; what it gives tells that it has ended. */
  begin(trigger: Trigger): () => void {
    this.#telemetry.count('executions_total', { trigger })
    const stretch = this.#stretches.get(trigger) ?? { running: 0, sinceMs: this.#nowMs(), billedMs: 0 }
    this.#stretches.set(trigger, stretch)
    stretch.running += 1
    return () => {
      stretch.running -= 1
      const lengthMs = this.#nowMs() - stretch.sinceMs
      if (stretch.running === 0) this.#stretches.delete(trigger)
      else if (lengthMs < stretch.billedMs + partMs) return
      const dueMs = Math.max(stretchMsMin, Math.ceil(lengthMs / stepMs) * stepMs)
      this.#telemetry.count('active_ms_total', { trigger }, dueMs - stretch.billedMs)
      stretch.billedMs = dueMs
    }
  }
}
