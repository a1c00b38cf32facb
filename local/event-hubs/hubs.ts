import type { DatabaseSync } from 'node:sqlite'
import { type Hub, noEvent, type Partition } from './partition.ts'

export interface HubSpec {
  name: string
  partitions: number
  consumerGroups: string[]
}

/**
 * The hubs of the store by lower-case name, after creating those that are missing. `$Default` exists in every hub.
 * @throws RangeError when a hub asks for another number of partitions than it was created with.
 */
export function openHubs(store: DatabaseSync, specs: HubSpec[], nowMs: number): Map<string, Hub> {
  for (const spec of specs) create(store, spec, nowMs)
  const hubs = new Map<string, Hub>()
  for (const row of store.prepare('select name, created_ms from hubs order by rowid').all()) {
    const name = String(row.name)
    const groups = store.prepare('select name from consumer_groups where hub = ?').all(name)
    hubs.set(name.toLowerCase(), {
      name,
      createdMs: Number(row.created_ms),
      partitions: partitionsOf(store, name),
      consumerGroups: new Set(groups.map(group => String(group.name).toLowerCase())),
    })
  }
  return hubs
}

function create(store: DatabaseSync, { name, partitions, consumerGroups }: HubSpec, nowMs: number): void {
  if (!Number.isInteger(partitions) || partitions < 1) {
    throw new RangeError(`Hub ${name} needs at least 1 partition: partitions is ${partitions}`)
  }
  const stored = store.prepare('select partitions from hubs where name = ?').get(name)
  if (stored !== undefined && stored.partitions !== partitions) {
    throw new RangeError(
      `Hub ${name} was created with ${stored.partitions} partitions and cannot change to ${partitions}: keep ${stored.partitions} or start with an empty state folder`,
    )
  }
  store.exec('begin immediate')
  if (stored === undefined) {
    store.prepare('insert into hubs (name, created_ms, partitions) values (?, ?, ?)').run(name, nowMs, partitions)
    const log = store.prepare('insert into logs values (null, ?, ?, 0, 0, 0, ?, ?)')
    for (let id = 0; id < partitions; id++) log.run(name, id, noEvent.offset, noEvent.enqueuedMs)
  }
  const group = store.prepare('insert or ignore into consumer_groups (hub, name) values (?, ?)')
  for (const consumerGroup of ['$Default', ...consumerGroups]) group.run(name, consumerGroup)
  store.exec('commit')
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
