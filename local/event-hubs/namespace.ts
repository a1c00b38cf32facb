import type { DatabaseSync } from 'node:sqlite'
import { CommitQueue } from './commit-queue.ts'
import { Consumers } from './consumers.ts'
import type { Entity } from './entity-path.ts'
import { EventLog } from './event-log.ts'
import { openHubs } from './hubs.ts'
import type { Hub, HubSpec, Partition } from './partition.ts'
import { type Policy, policiesByName, rootPolicy } from './policy.ts'
import { type Throughput, throughputOf } from './throughput.ts'
import { retentionMs, type Tier, type TierName, tierOf } from './tier.ts'

export interface NamespaceOptions {
  hubs: HubSpec[]
  /** The key of RootManageSharedAccessKey. */
  key: string
  /** Policies besides RootManageSharedAccessKey. */
  policies?: readonly Policy[]
  /** Basic where nothing is said. */
  tier?: TierName
  /** Whole hours within what the tier allows; a day where nothing is said. */
  retentionHours?: number
  /** Without them throughput is not limited. */
  throughputUnits?: number
  now?: () => number
}

/** What the clients of a broker share. */
export interface Namespace {
  hubs: Map<string, Hub>
  log: EventLog
  commits: CommitQueue
  consumers: Consumers
  policies: ReadonlyMap<string, Policy>
  tier: Tier
  retentionMs: number
  /** Undefined where throughput is not limited. */
  throughput: Throughput | undefined
  nextPartition: (entity: Entity) => Partition
  now: () => number
}

/** @throws RangeError for an option, or a stored hub, that Azure or the tier would not have. */
export function openNamespace(store: DatabaseSync, options: NamespaceOptions): Namespace {
  const { now = Date.now, retentionHours = 24, throughputUnits, policies = [] } = options
  const tier = tierOf(options.tier ?? 'basic')
  const log = new EventLog(store)
  const consumers = new Consumers()
  const namespace = {
    log,
    consumers,
    tier,
    now,
    policies: policiesByName([rootPolicy(options.key), ...policies]),
    retentionMs: retentionMs(retentionHours, tier),
    throughput: throughputUnits === undefined ? undefined : throughputOf(throughputUnits, now),
    hubs: openHubs(store, { specs: options.hubs, tier, nowMs: now() }),
    commits: new CommitQueue(log, { committed: partition => consumers.wake(partition), now }),
    nextPartition: partitionsInTurn(),
  }
  trim(namespace)
  return namespace
}

/** Removes what is older than the retention. */
export function trim({ hubs, log, retentionMs, now }: Namespace): void {
  const beforeMs = now() - retentionMs
  for (const { partitions } of hubs.values()) {
    for (const partition of partitions) log.trim(partition, beforeMs)
  }
}

/** Gives the partitions of each hub one after the other. */
function partitionsInTurn(): (entity: Entity) => Partition {
  const rounds = new Map<Hub, number>()
  return ({ hub }) => {
    const round = rounds.get(hub) ?? 0
    rounds.set(hub, round + 1)
    const partition = hub.partitions[round % hub.partitions.length]
    if (partition === undefined) throw new RangeError(`Hub ${hub.name} has no partition`)
    return partition
  }
}
