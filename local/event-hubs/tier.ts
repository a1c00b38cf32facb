/** What a pricing tier of Event Hubs allows. Source: Event Hubs quotas and limits, basic and standard. */
export interface Tier {
  name: 'basic' | 'standard'
  /** `$Default` is one of them. */
  consumerGroupsMax: number
  /** Largest transfer a producer link takes, a batch counted as one. */
  messageBytesMax: number
  retentionHoursMax: number
  connectionsMax: number
  idempotentProducers: boolean
}

export type TierName = Tier['name']

const tiers: Readonly<Record<TierName, Tier>> = {
  basic: {
    name: 'basic',
    consumerGroupsMax: 1,
    messageBytesMax: 262_144,
    retentionHoursMax: 24,
    connectionsMax: 100,
    idempotentProducers: false,
  },
  standard: {
    name: 'standard',
    consumerGroupsMax: 20,
    messageBytesMax: 1_048_576,
    retentionHoursMax: 7 * 24,
    connectionsMax: 5_000,
    idempotentProducers: true,
  },
}

/** @throws RangeError for a tier there is none of. */
export function tierOf(name: string): Tier {
  if (name === 'basic' || name === 'standard') return tiers[name]
  throw new RangeError(`The tier must be basic or standard: current value is ${name}`)
}

/** How long events are kept, in milliseconds. @throws RangeError outside of what the tier allows, which is whole hours. */
export function retentionMs(hours: number, { name, retentionHoursMax }: Tier): number {
  if (Number.isInteger(hours) && hours >= 1 && hours <= retentionHoursMax) return hours * 3_600_000
  throw new RangeError(
    `Retention in the ${name} tier must be 1 to ${retentionHoursMax} whole hours: current value is ${hours}`,
  )
}
