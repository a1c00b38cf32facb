import { badRequest } from '../errors.ts'
import { isObject, type Json, type JsonObject } from '../json.ts'
import { pathSegments } from './partition-key.ts'

const MAX_KEYS = 10
const MAX_PATHS = 16
const SYSTEM = ['_rid', '_self', '_etag', '_attachments', '_ts']

/** The paths of each unique key, cut into property names. */
export function uniqueKeyPaths(policy: Json | undefined): string[][][] {
  return uniqueKeysOf(policy).map(key => key.map(pathSegments))
}

/**
 * A unique key policy in the form it is kept in.
 * Source: Microsoft, "Unique key constraints in Azure Cosmos DB": at most 10 keys of at most 16 paths each.
 * @throws CosmosError 400 for a policy that Azure refuses
 */
export function uniqueKeyPolicy(policy: Json | undefined): JsonObject {
  const keys = uniqueKeysOf(policy)
  if (keys.length > MAX_KEYS) {
    throw badRequest(`The unique key policy has ${keys.length} unique keys: at most ${MAX_KEYS} are allowed.`)
  }
  for (const key of keys) checkKey(key)
  const names = keys.map(key => JSON.stringify(key.toSorted()))
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) throw badRequest(`The unique key policy has the unique key ${twice} more than once.`)
  return { uniqueKeys: keys.map(paths => ({ paths })) }
}

function checkKey(paths: readonly string[]): void {
  if (paths.length === 0 || paths.length > MAX_PATHS) {
    throw badRequest(`A unique key must have 1 to ${MAX_PATHS} paths: it has ${paths.length}.`)
  }
  for (const [at, path] of paths.entries()) {
    const segments = pathSegments(path)
    if (
      !path.startsWith('/') ||
      segments.length === 0 ||
      segments.some(segment => ['*', '?', '[]'].includes(segment))
    ) {
      throw badRequest(`The unique key path '${path}' must begin with '/' and name a property, without wildcards.`)
    }
    if (SYSTEM.includes(segments[0] ?? '')) throw badRequest(`The unique key path '${path}' is kept by the system.`)
    if (paths.indexOf(path) !== at) throw badRequest(`The unique key path '${path}' is given more than once.`)
  }
}

function uniqueKeysOf(policy: Json | undefined): string[][] {
  if (policy === undefined || policy === null) return []
  const keys = isObject(policy) ? (policy.uniqueKeys ?? []) : undefined
  if (!Array.isArray(keys)) throw badRequest('uniqueKeyPolicy must be an object { uniqueKeys: [{ paths }] }.')
  return keys.map(key => {
    const paths = isObject(key) ? key.paths : undefined
    if (!Array.isArray(paths) || !paths.every(path => typeof path === 'string')) {
      throw badRequest(`A unique key must be an object { paths } of strings: it is ${JSON.stringify(key)}.`)
    }
    return paths
  })
}
