import type { Clock } from '../../ports.ts'
import { AppError } from '../../schemas/errors.ts'
import type { GuardSettings } from '../../schemas/settings/guards.ts'
import { addressBlock } from '../client-address.ts'
import { type Guard, refusal } from '../handle.ts'
import type { ApiAnswer, ApiRequest } from '../request.ts'
import { type Quota, TokenBuckets } from './token-buckets.ts'

/** Every limit: so many seconds' worth of requests may come at once. */
const windowSeconds = 10
/** Callers of each kind that are remembered at once: some 100 bytes each. */
const bucketsMax = 20_000

export interface RateLimits {
  /** Before it is looked who asks: holds off addresses whose identities were refused again and again. */
  ofRefusals: Guard
  /** Once it is known who asks: a service, a shopper, or an address. */
  ofCallers: Guard
}

/** Rates of this instance of the app; with n instances behind a load balancer a caller may get n times as much. */
export function rateLimits(settings: GuardSettings, clock: Clock): RateLimits {
  const services = bucketsAt(() => settings.SERVICE_REQUESTS_PER_SECOND, clock)
  const shoppers = bucketsAt(() => settings.SHOPPER_REQUESTS_PER_SECOND, clock)
  const addresses = bucketsAt(() => settings.ADDRESS_REQUESTS_PER_SECOND, clock)
  const refusals = bucketsAt(() => settings.ADDRESS_REFUSALS_PER_SECOND, clock)

  const limitsOf = (request: ApiRequest): (Limit | undefined)[] => {
    const ofAddress = limit('address', addresses(), addressOf(request))
    switch (request.caller.kind) {
      case 'service':
        return [limit('service', services(), request.caller.id)]
      case 'shopper':
        return [limit('shopper', shoppers(), request.caller.userId), ofAddress]
      case 'anonymous':
        return [ofAddress]
    }
  }
  return {
    ofRefusals: (_, next) => async request => {
      const refused = refusals()
      if (!refused) return next(request)
      const address = addressOf(request)
      const quota = refused.look(address)
      if (quota.isSpent)
        return limited(refusal(tooMany('refused identities of this address', quota)), 'refusals', quota)
      const answer = await next(request)
      if (answer.status === 401) refused.take(address)
      return answer
    },
    ofCallers: (_, next) => async request => {
      const taken = limitsOf(request).flatMap(each => (each ? [{ ...each, quota: each.buckets.take(each.name) }] : []))
      // What is told is what ends first.
      const [nearest] = taken.sort((a, b) => Number(b.quota.isSpent) - Number(a.quota.isSpent) || left(a) - left(b))
      if (!nearest) return next(request)
      const { policy, quota, buckets } = nearest
      const answer = quota.isSpent ? refusal(tooMany(`requests of this ${policy}`, quota)) : await next(request)
      const headers = { ...answer.headers, 'ratelimit-policy': `"${policy}";q=${buckets.quota};w=${windowSeconds}` }
      return limited({ ...answer, headers }, policy, quota)
    },
  }
}

/** Buckets at the rate that is in force, none at 0; where it was changed everybody begins anew. */
function bucketsAt(rate: () => number, clock: Clock): () => TokenBuckets | undefined {
  let made: { perSecond: number; buckets: TokenBuckets | undefined } | undefined
  return () => {
    const perSecond = rate()
    if (made?.perSecond !== perSecond) {
      const of = { perSecond, windowSeconds, bucketsMax, clock }
      made = { perSecond, buckets: perSecond === 0 ? undefined : new TokenBuckets(of) }
    }
    return made.buckets
  }
}

interface Limit {
  policy: string
  buckets: TokenBuckets
  name: string
}

const limit = (policy: string, buckets: TokenBuckets | undefined, name: string): Limit | undefined =>
  buckets && { policy, buckets, name }

const left = ({ quota, buckets }: { quota: Quota; buckets: TokenBuckets }): number => quota.remaining / buckets.quota

/** Requests that do not say where they come from share one bucket. */
const addressOf = ({ address }: ApiRequest): string => (address === undefined ? 'unknown' : addressBlock(address))

/** Source: draft-ietf-httpapi-ratelimit-headers-10. */
function limited(answer: ApiAnswer, policy: string, { remaining, resetSeconds }: Quota): ApiAnswer {
  return { ...answer, headers: { ...answer.headers, ratelimit: `"${policy}";r=${remaining};t=${resetSeconds}` } }
}

function tooMany(what: string, { retrySeconds }: Quota): AppError {
  const again = `come back in ${retrySeconds} s`
  return new AppError('too_many_requests', `There were too many ${what}: ${again}`, [], {
    retryAfterSeconds: retrySeconds,
  })
}
