import type { Interaction } from '../schemas/interaction.ts'

/** An event as the hub delivers it. */
export interface Delivered {
  sequenceNumber: number
  enqueuedAt: string
  body: unknown
}

/** An interaction with its place in the partition, which tells a redelivery from a new event. */
export interface Sequenced {
  sequenceNumber: number
  interaction: Interaction
}
