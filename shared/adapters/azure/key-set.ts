import type { CryptoKey, FlattenedJWSInput, JSONWebKeySet, JWSHeaderParameters, LocalJWKSet } from 'jose'
import { z } from 'zod'
import type { Clock, Log } from '../../ports.ts'
import { AppError } from '../../schemas/errors.ts'
import type { IdentitySettings } from '../../schemas/settings/identity.ts'
import { once } from './once.ts'

/** Unknown key ids cause one fetch in this time … */
const cooldownMs = 30_000
/** … as does, in this one, an issuer that does not answer. */
const retryMs = 5_000
/** Keys of this age are fetched again while they serve on: so one that was withdrawn goes. */
const refreshAfterMs = 3_600_000
/** Keys of this age serve no more: the issuer has been away for a day. */
const keepMs = 86_400_000

const PublicKeys = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(100) })
const Discovery = z.object({ issuer: z.string(), jwks_uri: z.url() })

export interface KeySetNeed {
  settings: Pick<IdentitySettings, 'AUTH_ISSUER' | 'AUTH_JWKS_URI'>
  /** The JSON at an address. @throws Error when there is none */
  fetchJson(url: string): Promise<unknown>
  clock: Clock
  log: Pick<Log, 'warn'>
  jose(): Promise<Pick<typeof import('jose'), 'createLocalJWKSet' | 'errors'>>
}

/**
 * The public keys of an issuer. Unlike a key set that asks for each unknown key, or drops its keys when they are old and the
 * issuer is away, this one serves what it has, and asks for more at most once a cooldown whoever sends what.
 */
export class KeySet {
  readonly #need: KeySetNeed
  readonly #address: () => Promise<string>
  #keys: { find: LocalJWKSet; fetchedAtMs: number } | undefined
  #pending: Promise<void> | undefined
  #triedAtMs = Number.NEGATIVE_INFINITY
  #isAway = false

  constructor(need: KeySetNeed) {
    this.#need = need
    const { AUTH_JWKS_URI: address, AUTH_ISSUER: issuer } = need.settings
    this.#address = once(async () => address ?? (await this.#discovered(issuer)))
  }

  /**
   * The key that a token's header names.
   * @throws AppError `unavailable` when the issuer cannot be asked for it; jose's JWKSNoMatchingKey when it has none such
   */
  async key(header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey> {
    const { clock, jose } = this.#need
    const ageMs = this.#keys === undefined ? Number.POSITIVE_INFINITY : clock() - this.#keys.fetchedAtMs
    if (ageMs > refreshAfterMs) {
      const fetched = this.#fetchOnce()
      if (ageMs > keepMs) await fetched
    }
    const { errors } = await jose()
    try {
      return await this.#current().find(header, token)
    } catch (cause) {
      if (!(cause instanceof errors.JWKSNoMatchingKey)) throw cause
      await this.#fetchOnce()
      if (this.#isAway) throw away()
      return this.#current().find(header, token)
    }
  }

  #current() {
    const { clock } = this.#need
    if (this.#keys === undefined || clock() - this.#keys.fetchedAtMs > keepMs) throw away()
    return this.#keys
  }

  /** Resolves when a fetch that is under way has ended, or one was tried too lately to try again. */
  #fetchOnce(): Promise<void> {
    const { clock, log } = this.#need
    if (this.#pending) return this.#pending
    if (clock() - this.#triedAtMs < (this.#isAway ? retryMs : cooldownMs)) return Promise.resolve()
    this.#triedAtMs = clock()
    const fetched = this.#fetch().then(
      () => {
        this.#isAway = false
      },
      cause => {
        this.#isAway = true
        log.warn({ stage: 'identity', error: `The issuer’s keys were not fetched: ${String(cause)}` })
      },
    )
    this.#pending = fetched.finally(() => {
      this.#pending = undefined
    })
    return this.#pending
  }

  async #fetch(): Promise<void> {
    const { fetchJson, clock, jose } = this.#need
    const keys: JSONWebKeySet = PublicKeys.parse(await fetchJson(await this.#address()))
    this.#keys = { find: (await jose()).createLocalJWKSet(keys), fetchedAtMs: clock() }
  }

  async #discovered(issuer: string): Promise<string> {
    const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
    const found = Discovery.parse(await this.#need.fetchJson(address))
    if (found.issuer !== issuer) throw new Error(`${address} is of the issuer ${found.issuer}`)
    if (new URL(found.jwks_uri).protocol !== new URL(issuer).protocol) throw new Error(`${found.jwks_uri} is no https`)
    return found.jwks_uri
  }
}

function away(): AppError {
  return new AppError('unavailable', 'The token cannot be checked now, as its issuer does not answer: come back later')
}
