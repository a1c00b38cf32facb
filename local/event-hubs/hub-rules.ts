import type { HubSpec } from './partition.ts'
import type { Tier } from './tier.ts'

const hubsMax = 10
const partitionsMax = 32
const hubNameCharactersMax = 256
const groupNameCharactersMax = 50
const nameForm = /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/i
const nameRule = 'letters, digits, periods, hyphens and underscores, with a letter or digit at both ends'

/**
 * Holds a hub, with all the groups it has, to what Azure accepts when it is created.
 * Source: Event Hubs quotas and limits; Resource Manager, naming rules of Microsoft.EventHub.
 * @throws RangeError naming the hub and what is wrong
 */
export function checkHub({ name, partitions, consumerGroups }: HubSpec, tier: Tier): void {
  checkName(`The hub name "${name}"`, name, hubNameCharactersMax)
  if (!Number.isInteger(partitions) || partitions < 1 || partitions > partitionsMax) {
    throw new RangeError(`Hub ${name} must have 1 to ${partitionsMax} partitions: partitions is ${partitions}`)
  }
  for (const group of consumerGroups) {
    if (group.toLowerCase() === '$default') continue
    checkName(`The consumer group name "${group}" of hub ${name}`, group, groupNameCharactersMax)
  }
  if (consumerGroups.length > tier.consumerGroupsMax) {
    throw new RangeError(
      `Hub ${name} has ${consumerGroups.length} consumer groups (${consumerGroups.join(', ')}), but the ${tier.name} tier allows ${tier.consumerGroupsMax}`,
    )
  }
}

/** @throws RangeError when a namespace holds more hubs than Azure allows */
export function checkHubCount(names: readonly string[]): void {
  if (names.length > hubsMax) {
    throw new RangeError(
      `A namespace of the basic or standard tier has at most ${hubsMax} hubs: these are ${names.length} (${names.join(', ')})`,
    )
  }
}

function checkName(what: string, name: string, charactersMax: number): void {
  if (name.length > charactersMax || !nameForm.test(name)) {
    throw new RangeError(`${what} must be 1 to ${charactersMax} ${nameRule}`)
  }
}
