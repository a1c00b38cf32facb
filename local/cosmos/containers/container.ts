import type { DatabaseSync } from 'node:sqlite'
import { ItemTable } from '../items/item-table.ts'
import { UniqueKeys } from '../items/unique-keys.ts'
import type { JsonObject } from '../json.ts'
import type { Partition } from '../partitions/partition.ts'
import { hashingOf, Partitions } from '../partitions/partitions.ts'
import { containerRid, itemRid } from '../rid.ts'
import { type IndexPolicy, indexPolicy } from './index-policy.ts'
import type { Offer } from './throughput.ts'
import type { ThroughputCap } from './throughput-cap.ts'
import { uniqueKeyPaths } from './unique-key-policy.ts'

export interface ContainerDefinition extends JsonObject {
  id: string
  indexingPolicy: JsonObject
  partitionKey: JsonObject & { paths: string[]; kind: string }
}

interface ContainerDatabase {
  number: number
  id: string
  cap: ThroughputCap | undefined
}

/** One container: its definition, its physical partitions and its items. */
export class Container {
  readonly number: number
  readonly database: ContainerDatabase
  readonly rid: string
  readonly items: ItemTable
  readonly uniqueKeys: UniqueKeys | undefined
  readonly partitions: Partitions
  definition: ContainerDefinition
  policy: IndexPolicy
  offer: Offer | undefined
  readonly ownCap: ThroughputCap | undefined
  ts: number

  constructor(options: {
    sqlite: DatabaseSync
    database: ContainerDatabase
    number: number
    definition: ContainerDefinition
    offer: Offer | undefined
    ownCap: ThroughputCap | undefined
    ts: number
    partitions: readonly Partition[]
  }) {
    this.number = options.number
    this.database = options.database
    this.rid = containerRid(options.database.number, options.number)
    this.items = new ItemTable(options.sqlite, options.number)
    const keys = uniqueKeyPaths(options.definition.uniqueKeyPolicy)
    this.uniqueKeys = keys.length === 0 ? undefined : new UniqueKeys(options.sqlite, options.number, keys)
    this.definition = options.definition
    this.policy = indexPolicy(options.definition.indexingPolicy)
    this.offer = options.offer
    this.ownCap = options.ownCap
    this.ts = options.ts
    this.partitions = new Partitions(options.partitions, hashingOf(options.definition.partitionKey))
  }

  get id(): string {
    return this.definition.id
  }

  get paths(): readonly string[] {
    return this.definition.partitionKey.paths
  }

  get defaultTtl(): number | undefined {
    const { defaultTtl } = this.definition
    return typeof defaultTtl === 'number' ? defaultTtl : undefined
  }

  /** The throughput it is held to: its own, or what its database's containers share; serverless has none. */
  get cap(): ThroughputCap | undefined {
    return this.ownCap ?? this.database.cap
  }

  itemRid(rid: number): string {
    return itemRid(this.database.number, this.number, rid)
  }

  redefine(definition: ContainerDefinition, ts: number): void {
    this.definition = definition
    this.policy = indexPolicy(definition.indexingPolicy)
    this.ts = ts
  }
}
