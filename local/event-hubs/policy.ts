const rights = ['Send', 'Listen', 'Manage'] as const
export type Right = (typeof rights)[number]

/** A shared access policy of the namespace. */
export interface Policy {
  name: string
  key: string
  rights: readonly Right[]
}

export const rootPolicyName = 'RootManageSharedAccessKey'
const policiesMax = 12

export function rootPolicy(key: string): Policy {
  return { name: rootPolicyName, key, rights }
}

/**
 * The policies by name.
 * Source: "Authorize access to Event Hubs resources using shared access signatures": Manage contains Send and Listen.
 * @throws RangeError for two policies of one name, one without rights, Manage alone, or more than Azure allows
 */
export function policiesByName(policies: readonly Policy[]): Map<string, Policy> {
  if (policies.length > policiesMax) {
    throw new RangeError(`A namespace has at most ${policiesMax} policies: these are ${policies.length}`)
  }
  const byName = new Map<string, Policy>()
  for (const policy of policies) {
    if (byName.has(policy.name)) throw new RangeError(`Policy ${policy.name} is given twice`)
    if (policy.rights.length === 0) {
      throw new RangeError(`Policy ${policy.name} must have at least one of the rights ${rights.join(', ')}`)
    }
    if (policy.rights.includes('Manage') && !rights.every(right => policy.rights.includes(right))) {
      throw new RangeError(
        `Policy ${policy.name} has Manage and so must have Send and Listen too: its rights are ${policy.rights.join(', ')}`,
      )
    }
    byName.set(policy.name, policy)
  }
  return byName
}

/** `NAME:KEY:RIGHT,...` as a policy. @throws RangeError for text of another form */
export function policyOption(text: string): Policy {
  const [name, key, list = '', more] = text.split(':')
  const given = list.split(',').map(word => rights.find(right => right.toLowerCase() === word.toLowerCase()))
  const known = given.filter(right => right !== undefined)
  if (name && key && more === undefined && known.length === given.length) return { name, key, rights: known }
  throw new RangeError(
    `--policy must be NAME:KEY:RIGHT,... with the rights Send, Listen, Manage: current value is ${text}`,
  )
}
