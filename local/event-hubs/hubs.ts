import type { DatabaseSync } from 'node:sqlite'
import { checkHub, checkHubCount } from './hub-rules.ts'
import { type Hub, type HubSpec, noEvent, type Partition } from './partition.ts'
import type { Tier } from './tier.ts'

interface OpenOptions {
  specs: HubSpec[]
  tier: Tier
  nowMs: number
}

/**
 * The hubs of the store by lower-case name, after creating those that are missing. `$Default` exists in every hub.
 * @throws RangeError when a hub asks for another number of partitions than it was created with, or when Azure or the
 * tier would not have it.
 */
export function openHubs(store: DatabaseSync, { specs, tier, nowMs }: OpenOptions): Map<string, Hub> {
  store.exec('begin immediate')
  try {
    for (const spec of specs) {
      checkHub(spec, tier)
      create(store, spec, nowMs)
    }
    const hubs = new Map(storedHubs(store).map(hub => [hub.name.toLowerCase(), hub]))
    for (const { name, partitions, consumerGroups } of hubs.values()) {
      checkHub({ name, partitions: partitions.length, consumerGroups: [...consumerGroups.values()] }, tier)
    }
    checkHubCount([...hubs.values()].map(({ name }) => name))
    store.exec('commit')
    return hubs
  } catch (error) {
    store.exec('rollback')
    throw error
  }
}

function storedHubs(store: DatabaseSync): Hub[] {
  const groupsOf = store.prepare('select name from consumer_groups where hub = ? order by rowid')
  return store
    .prepare('select name, created_ms from hubs order by rowid')
    .all()
    .map(row => {
      const name = String(row.name)
      const groups = groupsOf.all(name).map(group => String(group.name))
      return {
        name,
        createdMs: Number(row.created_ms),
        partitions: partitionsOf(store, name),
        consumerGroups: new Map(groups.map(group => [group.toLowerCase(), group])),
      }
    })
}

function create(store: DatabaseSync, { name, partitions, consumerGroups }: HubSpec, nowMs: number): void {
  const stored = store.prepare('select partitions from hubs where name = ?').get(name)
  if (stored !== undefined && stored.partitions !== partitions) {
    throw new RangeError(
      `Hub ${name} was created with ${stored.partitions} partitions and cannot change to ${partitions}: keep ${stored.partitions} or start with an empty state folder`,
    )
  }
  if (stored === undefined) {
    store.prepare('insert into hubs (name, created_ms, partitions) values (?, ?, ?)').run(name, nowMs, partitions)
    const log = store.prepare('insert into logs values (null, ?, ?, 0, 0, 0, ?, ?)')
    for (let id = 0; id < partitions; id++) log.run(name, id, noEvent.offset, noEvent.enqueuedMs)
  }
  const group = store.prepare('insert or ignore into consumer_groups (hub, name) values (?, ?)')
  for (const consumerGroup of ['$Default', ...consumerGroups]) group.run(name, consumerGroup)
}

function partitionsOf(store: DatabaseSync, hub: string): Partition[] {
  const rows = store.prepare('select * from logs where hub = ? order by partition').all(hub)
  return rows.map(row => ({
    hub,
    id: String(row.partition),
    log: Number(row.log),
    beginSequence: Number(row.begin_sequence),
    nextSequence: Number(row.next_sequence),
    nextOffset: Number(row.next_offset),
    last: {
      sequence: Number(row.next_sequence) - 1,
      offset: Number(row.last_offset),
      enqueuedMs: Number(row.last_enqueued_ms),
    },
  }))
}
