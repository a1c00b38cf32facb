import { badRequest } from '../errors.ts'
import { checkTtl } from '../items/ttl.ts'
import { isObject, type Json, type JsonObject } from '../json.ts'
import type { ContainerDefinition } from './container.ts'
import { defaultIndexingPolicy, indexPolicy } from './index-policy.ts'
import { uniqueKeyPolicy } from './unique-key-policy.ts'

// What this server could not keep to: refused instead of being taken and forgotten.
const UNSUPPORTED = ['computedProperties', 'vectorEmbeddingPolicy', 'fullTextPolicy', 'clientEncryptionPolicy']
const CONFLICT_MODES = ['lastwriterwins', 'custom']
const MAX_NAME = 255
const MAX_ITEM_ID_BYTES = 1023

/**
 * Reads a container's definition as the service does, filling in what it fills in.
 * @throws CosmosError 400 for what Azure refuses, and for what this server does not cover
 */
export function containerDefinition(body: Json): ContainerDefinition {
  if (!isObject(body)) throw badRequest('The container definition must be a JSON object.')
  const { indexingPolicy, partitionKey, defaultTtl } = body
  checkCovered(body)
  const definition: ContainerDefinition = {
    ...withoutSystem(body),
    id: resourceName(body.id),
    indexingPolicy: fullPolicy(indexingPolicy),
    partitionKey: fullPartitionKey(partitionKey),
    uniqueKeyPolicy: uniqueKeyPolicy(body.uniqueKeyPolicy),
  }
  const { mode } = indexPolicy(definition.indexingPolicy)
  if (defaultTtl === undefined || defaultTtl === null) delete definition.defaultTtl
  else {
    definition.defaultTtl = checkTtl(defaultTtl, 'defaultTtl')
    if (mode === 'none')
      throw badRequest(`defaultTtl ${defaultTtl} needs an index: the indexing mode must not be none.`)
  }
  return definition
}

/** The id of a database or a container as Azure allows it. */
export function resourceName(id: Json | undefined): string {
  const name = resourceId(id)
  if (name.length > MAX_NAME) {
    throw badRequest(`The id '${name.slice(0, 40)}...' has ${name.length} characters: at most ${MAX_NAME} are allowed.`)
  }
  return name
}

/** An item's id as Azure allows it. */
export function resourceId(id: Json | undefined): string {
  if (typeof id !== 'string' || id === '') {
    throw badRequest("The input content is invalid because the required property 'id' is not a non-empty string.")
  }
  if (/[/\\?#]/.test(id) || id.endsWith(' ')) {
    throw badRequest(`The id '${id}' is invalid: it must not contain / \\ ? # nor end with a space.`)
  }
  if (Buffer.byteLength(id) > MAX_ITEM_ID_BYTES) throw badRequest(`The id is longer than ${MAX_ITEM_ID_BYTES} bytes.`)
  return id
}

function checkCovered(body: JsonObject): void {
  for (const name of UNSUPPORTED) {
    const value = body[name]
    const empty = value === undefined || value === null || (Array.isArray(value) && value.length === 0)
    if (!empty) throw badRequest(`The container's ${name} is not supported by the local server.`)
  }
  const { conflictResolutionPolicy: policy } = body
  if (policy === undefined || policy === null) return
  const mode = isObject(policy) ? (policy.mode ?? 'LastWriterWins') : policy
  if (typeof mode !== 'string' || !CONFLICT_MODES.includes(mode.toLowerCase())) {
    throw badRequest(`conflictResolutionPolicy.mode must be LastWriterWins or Custom: it is ${JSON.stringify(mode)}.`)
  }
}

function withoutSystem(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([key]) => !key.startsWith('_')))
}

function fullPolicy(policy: Json | undefined): JsonObject {
  if (policy === undefined || policy === null) return defaultIndexingPolicy()
  if (!isObject(policy)) throw badRequest('indexingPolicy must be an object.')
  const full: JsonObject = { indexingMode: 'consistent', automatic: true, ...policy }
  if (String(full.indexingMode).toLowerCase() === 'none') {
    if (policy.automatic === true) throw badRequest("indexingPolicy.automatic must be false with indexingMode 'none'.")
    return { ...full, automatic: false }
  }
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
