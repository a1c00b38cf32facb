import type { Ports } from '../../ports.ts'
import { collections } from '../../schemas/collections.ts'
import type { Usage, UsageDay } from '../../schemas/usage.ts'
import { isIdle, minusUsage, noUsage, plusUsage } from './usage.ts'

const everyMs = 60_000
/** A part whose fate is unknown for so long is given up, and a writer who is silent for longer is forgotten: nothing counts twice. */
const unknownMs = 600_000
const forgottenMs = 2 * unknownMs

interface Part {
  day: string
  number: number
  usage: Usage
  at: number
  /** Whether a write of it was sent, whose answer may have been lost. */
  sent: boolean
}

type Needs = Pick<Ports, 'documents' | 'clock' | 'log'>

/**
 * Adds what this process used to the day's document: at most once a minute, and what the writing itself took with the next part.
 * Used only here is the writer's name: another process has another one.
 */
export class UsageMeter {
  readonly #writer: string
  readonly #used: () => Promise<Usage>
  readonly #ports: Needs
  /** Handed over in parts, the open one among them. */
  #told: Usage = noUsage()
  #part: Part | undefined
  #number = 0
  #lookedAt = Number.NEGATIVE_INFINITY
  #writing: Promise<void> | undefined

  constructor({ writer, used }: { writer: string; used: () => Promise<Usage> }, ports: Needs) {
    this.#writer = writer
    this.#used = used
    this.#ports = ports
  }

  /** Writes in the background when the last time was a minute ago; what could not be written is so later. */
  keepWritten(): void {
    const { clock } = this.#ports
    if (clock() - this.#lookedAt < everyMs) return
    this.#lookedAt = clock()
    void this.end()
  }

  /** Writes what is not written yet, as far as that can be done: what could not is told, and stops nothing. */
  async end(): Promise<void> {
    await this.write().catch(cause => this.#ports.log.warn({ stage: 'usage', error: String(cause) }))
  }

  /** Writes what is not written yet. One at a time. */
  write(): Promise<void> {
    this.#writing ??= this.#written().finally(() => {
      this.#writing = undefined
    })
    return this.#writing
  }

  async #written(): Promise<void> {
    if (this.#part) await this.#add(this.#part)
    const used = await this.#used()
    const usage = minusUsage(used, this.#told)
    if (isIdle(usage)) return
    const at = this.#ports.clock()
    this.#number += 1
    this.#told = used
    this.#part = { day: dayOf(at), number: this.#number, usage, at, sent: false }
    await this.#add(this.#part)
  }

  /** Adds the part unless its document knows it already. @throws what Cosmos threw; the part stays open */
  async #add(part: Part): Promise<void> {
    const { documents, clock, log } = this.#ports
    if (part.sent && clock() - part.at > unknownMs) {
      log.warn({ stage: 'usage', day: part.day, given_up: part.number })
      this.#part = undefined
      return
    }
    for (;;) {
      const stored = await documents.read(collections.usageDays, { id: part.day, partition: part.day })
      if (stored?.document.writers[this.#writer]?.part === part.number) break
      const day = this.#with(part, stored?.document)
      part.sent = true
      const written = stored
        ? await documents.replace(collections.usageDays, day, stored.etag)
        : await documents.create(collections.usageDays, day)
      if (written) break
    }
    this.#part = undefined
  }

  #with({ day, number, usage }: Part, before: UsageDay | undefined): UsageDay {
    const now = this.#ports.clock()
    const recent = Object.entries(before?.writers ?? {}).filter(([, { at }]) => now - Date.parse(at) < forgottenMs)
    return {
      id: day,
      usage: plusUsage(before?.usage ?? noUsage(), usage),
      writers: { ...Object.fromEntries(recent), [this.#writer]: { part: number, at: new Date(now).toISOString() } },
    }
  }
}

/** The day of a moment, in UTC: id of its document. */
export const dayOf = (moment: number): string => new Date(moment).toISOString().slice(0, 10)
