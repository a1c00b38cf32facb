import type { DatabaseSync } from 'node:sqlite'
import { badRequest } from '../errors.ts'
import { ItemTable } from '../items/item-table.ts'
import { checkTtl } from '../items/ttl.ts'
import { isObject, type Json, type JsonObject } from '../json.ts'
import { containerRid, itemRid } from '../rid.ts'
import { defaultIndexingPolicy, type IndexPolicy, indexPolicy } from './index-policy.ts'

export interface ContainerDefinition extends JsonObject {
  id: string
  indexingPolicy: JsonObject
  partitionKey: JsonObject & { paths: string[]; kind: string }
}

/** One container: its definition, its items and the number of its last change. */
export class Container {
  readonly number: number
  readonly database: { number: number; id: string }
  readonly rid: string
  readonly items: ItemTable
  definition: ContainerDefinition
  policy: IndexPolicy
  throughput: number | null
  ts: number
  lsn: number
  lsnChanged = false

  constructor(options: {
    sqlite: DatabaseSync
    database: { number: number; id: string }
    number: number
    definition: ContainerDefinition
    throughput: number | null
    ts: number
    lsn: number
  }) {
    this.number = options.number
    this.database = options.database
    this.rid = containerRid(options.database.number, options.number)
    this.items = new ItemTable(options.sqlite, options.number)
    this.definition = options.definition
    this.policy = indexPolicy(options.definition.indexingPolicy)
    this.throughput = options.throughput
    this.ts = options.ts
    this.lsn = options.lsn
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

  nextLsn(): number {
    this.lsnChanged = true
    this.lsn += 1
    return this.lsn
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

/**
 * Reads a container's definition as the service does, filling in what it fills in.
 * @throws CosmosError 400 for what Azure refuses, and for unique keys, which this server cannot keep yet
 */
export function containerDefinition(body: Json): ContainerDefinition {
  if (!isObject(body)) throw badRequest('The container definition must be a JSON object.')
  const { indexingPolicy, partitionKey, defaultTtl, uniqueKeyPolicy } = body
  if (isObject(uniqueKeyPolicy) && Array.isArray(uniqueKeyPolicy.uniqueKeys) && uniqueKeyPolicy.uniqueKeys.length > 0) {
    throw badRequest('uniqueKeyPolicy is not supported by the local server: create the container without it.')
  }
  const definition: ContainerDefinition = {
    ...withoutSystem(body),
    id: resourceId(body.id),
    indexingPolicy: fullPolicy(indexingPolicy),
    partitionKey: fullPartitionKey(partitionKey),
  }
  if (defaultTtl === undefined || defaultTtl === null) delete definition.defaultTtl
  else definition.defaultTtl = checkTtl(defaultTtl, 'defaultTtl')
  indexPolicy(definition.indexingPolicy)
  return definition
}

/** A resource's id as Azure allows it. */
export function resourceId(id: Json | undefined): string {
  if (typeof id !== 'string' || id === '') {
    throw badRequest("The input content is invalid because the required property 'id' is not a non-empty string.")
  }
  if (/[/\\?#]/.test(id) || id.endsWith(' ')) {
    throw badRequest(`The id '${id}' is invalid: it must not contain / \\ ? # nor end with a space.`)
  }
  if (Buffer.byteLength(id) > 1023) throw badRequest('The id is longer than 1023 bytes.')
  return id
}

function withoutSystem(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([key]) => !key.startsWith('_')))
}

function fullPolicy(policy: Json | undefined): JsonObject {
  if (policy === undefined || policy === null) return defaultIndexingPolicy()
  if (!isObject(policy)) throw badRequest('indexingPolicy must be an object.')
  const full: JsonObject = { indexingMode: 'consistent', automatic: true, ...policy }
  if (String(full.indexingMode).toLowerCase() === 'none') return { ...full, automatic: false }
  const excluded = Array.isArray(full.excludedPaths) ? full.excludedPaths : []
  const excludesAll = excluded.some(entry => isObject(entry) && entry.path === '/*')
  if (full.includedPaths === undefined) full.includedPaths = excludesAll ? [] : [{ path: '/*' }]
  if (full.excludedPaths === undefined) full.excludedPaths = [{ path: '/"_etag"/?' }]
  return full
}

function fullPartitionKey(key: Json | undefined): ContainerDefinition['partitionKey'] {
  const paths = isObject(key) ? key.paths : undefined
  if (!isObject(key) || !Array.isArray(paths) || paths.length === 0) {
    throw badRequest('partitionKey.paths must name at least one path.')
  }
  const names = paths.filter(path => typeof path === 'string' && path.startsWith('/') && path.length > 1)
  if (names.length !== paths.length) {
    throw badRequest(`partitionKey.paths must be strings that begin with '/': it is ${JSON.stringify(paths)}.`)
  }
  const kind = typeof key.kind === 'string' ? key.kind : 'Hash'
  if (kind === 'Hash' && paths.length > 1) {
    throw badRequest("Too many partition key paths specified: kind 'Hash' takes one, kind 'MultiHash' up to 3.")
  }
  if (kind === 'MultiHash' && (paths.length > 3 || key.version !== 2)) {
    throw badRequest("A partition key of kind 'MultiHash' takes up to 3 paths and version 2.")
  }
  if (kind !== 'Hash' && kind !== 'MultiHash') throw badRequest(`partitionKey.kind '${kind}' is invalid.`)
  return { ...key, paths: names.map(String), kind }
}
