import { timingSafeEqual } from 'node:crypto'
import type { Ports } from '../../ports.ts'
import { collections } from '../../schemas/collections.ts'
import { AppError } from '../../schemas/errors.ts'
import type { Identity } from '../../schemas/identity.ts'
import type { ServiceKey } from '../../schemas/service-keys.ts'

/** A key that was taken back opens nothing after this, in any instance. */
const freshMs = 5_000
/** A key that is not known was perhaps made a moment ago: looked for at most so often. */
const lookAgainMs = 1_000
/** While Cosmos is away, keys open what they opened for so long. */
const keptMs = 900_000
/** Longer than this nobody waits for Cosmos while the last known keys are at hand. */
const patienceMs = 300

const keyPattern = /^sck_([0-9a-f]{12})_([0-9a-f]{64})$/
const noDigest = '0'.repeat(64)

/** The service keys, as one instance remembers them. */
export class KeyRing {
  readonly #ports: Pick<Ports, 'documents' | 'clock' | 'sha256' | 'log'>
  #known: { keys: ReadonlyMap<string, ServiceKey>; readAtMs: number } | undefined
  #reading: Promise<void> | undefined
  #triedAtMs = Number.NEGATIVE_INFINITY

  constructor(ports: Pick<Ports, 'documents' | 'clock' | 'sha256' | 'log'>) {
    this.#ports = ports
  }

  /**
   * Who holds the key. Which part of a key is wrong can be told neither from the answer nor from how long it takes.
   * @throws AppError `unauthenticated`; `unavailable` when the keys cannot be read
   */
  async identity(text: string): Promise<Identity> {
    const [, id = '', secret = ''] = keyPattern.exec(text) ?? []
    const found = (await this.#keys(freshMs)).get(id) ?? (await this.#keys(lookAgainMs)).get(id)
    const digest = Buffer.from(this.#ports.sha256(secret))
    const isRight = timingSafeEqual(digest, Buffer.from(found?.sha256 ?? noDigest))
    if (!found || !isRight || hasEnded(found, this.#ports.clock())) {
      throw new AppError('unauthenticated', 'The service key is not valid: it may have ended, or been taken back')
    }
    return { kind: 'service', id: `key:${id}`, name: found.name, roles: new Set(found.roles) }
  }

  async #keys(maxAgeMs: number): Promise<ReadonlyMap<string, ServiceKey>> {
    const { clock } = this.#ports
    const isOld = (ageMs: number) => this.#known === undefined || clock() - this.#known.readAtMs >= ageMs
    if (isOld(maxAgeMs)) await this.#readWithPatience(maxAgeMs)
    if (this.#known === undefined || isOld(keptMs)) {
      throw new AppError('unavailable', 'The service key cannot be checked now: come back later')
    }
    return this.#known.keys
  }

  /** Reads, unless that was tried lately; with keys at hand, no request waits for it long. */
  async #readWithPatience(maxAgeMs: number): Promise<void> {
    const triedForMs = this.#ports.clock() - this.#triedAtMs
    if (this.#reading === undefined && triedForMs < Math.min(maxAgeMs, lookAgainMs)) return
    if (this.#reading !== undefined && triedForMs > patienceMs && this.#known !== undefined) return
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined
    })
    if (this.#known === undefined) return this.#reading
    const waited = Promise.withResolvers<void>()
    const timer = setTimeout(waited.resolve, patienceMs)
    await Promise.race([this.#reading, waited.promise])
    clearTimeout(timer)
  }

  async #read(): Promise<void> {
    const { documents, clock, log } = this.#ports
    this.#triedAtMs = clock()
    const key = { id: 'service_keys', partition: 'service_keys' }
    try {
      const stored = await documents.read(collections.serviceKeys, key)
      const keys = stored?.document.keys ?? []
      this.#known = { keys: new Map(keys.map(each => [each.id, each])), readAtMs: this.#triedAtMs }
    } catch (cause) {
      // Whoever asked goes by the last known keys, while they are not too old.
      log.warn({ stage: 'identity', error: `The service keys were not read: ${String(cause)}` })
    }
  }
}

function hasEnded({ expires_at: end }: ServiceKey, nowMs: number): boolean {
  return end !== null && Date.parse(end) <= nowMs
}
