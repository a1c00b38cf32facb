import type { NamespaceOptions } from './namespace.ts'
import { policyOption } from './policy.ts'
import { tierOf } from './tier.ts'

/** What the command line may say of a namespace, as it says it. */
interface Texts {
  tier?: string | undefined
  'retention-hours'?: string | undefined
  'throughput-units'?: string | undefined
  policy?: string[] | undefined
}

/**
 * The options of a namespace from the command line; numbers are checked where their limits are known.
 * @throws RangeError for a tier there is none of and for a policy of another form
 */
export function namespaceOptions(texts: Texts): Omit<NamespaceOptions, 'hubs' | 'key'> {
  const { tier, 'retention-hours': hours, 'throughput-units': units, policy } = texts
  return {
    ...(tier === undefined ? {} : { tier: tierOf(tier).name }),
    ...(hours === undefined ? {} : { retentionHours: Number(hours) }),
    ...(units === undefined ? {} : { throughputUnits: Number(units) }),
    ...(policy === undefined ? {} : { policies: policy.map(policyOption) }),
  }
}
