import type { FieldError } from '../schemas/errors.ts'
import type { Interaction, Login } from '../schemas/interaction.ts'
import { soundCopy, unsoundPart } from '../schemas/sound-json.ts'

/** An event as the hub delivers it. */
export interface Delivered {
  sequenceNumber: number
  enqueuedAt: string
  body: unknown
  /** The trace it was sent in, where its sender told of one. */
  traceparent?: string | undefined
  /** What could not be kept as it was sent: the body is what is left. */
  broken?: FieldError
}

/** Whoever sends past the API may send what no file can hold, or nobody can write: it must not stop what comes after it. */
export function soundEvent(delivered: Delivered): Delivered {
  const broken = unsoundPart(delivered.body)
  return broken ? { ...delivered, body: soundCopy(delivered.body), broken } : delivered
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
