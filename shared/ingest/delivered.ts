import type { Interaction, Login } from '../schemas/interaction.ts'

/** An event as the hub delivers it. */
export interface Delivered {
  sequenceNumber: number
  enqueuedAt: string
  body: unknown
}

/** An interaction with its place in the partition, which tells a redelivery from a new event. */
export interface Sequenced {
  sequenceNumber: number
  /** Milliseconds since 1970. */
  enqueuedAt: number
  interaction: Interaction
  /** The event id, shortened: tells an event that its sender sent twice. */
  shortId: string
}

/** A login with its place in the partition. */
export interface SequencedLogin {
  sequenceNumber: number
  login: Login
}
