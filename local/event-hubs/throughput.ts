interface Amount {
  bytes: number
  events: number
}

/** What throughput units buy in each direction. */
export interface Throughput {
  ingress: ThroughputMeter
  egress: ThroughputMeter
}

const unitsMax = 40

/**
 * The meters of a namespace with so many throughput units.
 * Source: Event Hubs quotas and limits: a unit is 1 MB or 1,000 events a second in and 2 MB or 4,096 events out.
 * @throws RangeError for what is not a whole number of units that Azure sells
 */
export function throughputOf(units: number, now: () => number): Throughput {
  if (!Number.isInteger(units) || units < 1 || units > unitsMax) {
    throw new RangeError(`Throughput units must be 1 to ${unitsMax}: current value is ${units}`)
  }
  return {
    ingress: new ThroughputMeter({ bytes: units * 1_048_576, events: units * 1_000 }, now),
    egress: new ThroughputMeter({ bytes: units * 2_097_152, events: units * 4_096 }, now),
  }
}

/**
 * A second's worth of throughput that refills as time passes. Whatever finds something left may pass and may leave a
 * debt, so that a batch larger than a second's worth is slowed down and not shut out for ever.
 */
export class ThroughputMeter {
  private readonly perSecond: Amount
  private readonly now: () => number
  private left: Amount
  private filledMs: number

  constructor(perSecond: Amount, now: () => number) {
    this.perSecond = perSecond
    this.now = now
    this.left = { ...perSecond }
    this.filledMs = now()
  }

  /** Milliseconds until something is left; 0 when there is. */
  waitMs(): number {
    this.refill()
    const until = (left: number, perSecond: number) => (left > 0 ? 0 : Math.floor((-left / perSecond) * 1_000) + 1)
    return Math.max(until(this.left.bytes, this.perSecond.bytes), until(this.left.events, this.perSecond.events))
  }

  take({ bytes, events }: Amount): void {
    this.refill()
    this.left = { bytes: this.left.bytes - bytes, events: this.left.events - events }
  }

  private refill(): void {
    const nowMs = this.now()
    // A clock that was set back refills nothing.
    const seconds = Math.max(0, nowMs - this.filledMs) / 1_000
    this.filledMs = nowMs
    const refilled = (left: number, perSecond: number) => Math.min(perSecond, left + seconds * perSecond)
    this.left = {
      bytes: refilled(this.left.bytes, this.perSecond.bytes),
      events: refilled(this.left.events, this.perSecond.events),
    }
  }
}
