import type { LakeOptions } from '../../lake/lake-options.ts'
import type { Ports } from '../../ports.ts'

/** Who is erased. */
export interface ErasedPerson {
  /** The id the shop asked to erase. */
  userId: string
  /** Every id of the person: `userId` first, then the sessions (`session:…`) that a login made the person's. */
  ids: readonly string[]
  /** What stands for each of `ids` where no raw id is kept. */
  pseudonyms: readonly string[]
}

/** How an erasure is done. */
export interface ErasureOptions {
  lake: LakeOptions
  /** How long every instance may take to learn of a tombstone: erasing begins after it. */
  settleMs: number
  /** How long Event Hubs keeps an event. */
  eventHubHours: number
}

interface EraseContext {
  ports: Ports
  options: ErasureOptions
  /** The run that erases: its own files need not be looked through. */
  runId: string
  /** Tells the share of the step that is done, 0 to 1; cheap to call often. */
  progress(fraction: number): Promise<void>
}

export interface Erased {
  /** Documents, rows or files that held the person. */
  found: number
  /** How many of them are gone, or hold the person no more. */
  removed: number
  /** For the certificate; without any id. */
  note?: string | undefined
  /** What cannot be taken out goes by itself at this moment, in ISO 8601. */
  leftUntil?: string | undefined
}

/**
 * Takes a person out of one store. It may be called any number of times, after a crash in its middle too, and then goes on:
 * called when all is done it finds nothing, which is how an erasure is verified. No ids in what it throws or logs.
 */
export interface EraseStep {
  /** As the certificate names it; also the name of the job's stage: a-z and `-`. */
  store: string
  /** What is kept there of people, in a few words for the certificate. */
  about: string
  erase(person: ErasedPerson, context: EraseContext): Promise<Erased>
}
