import { badRequest } from '../errors.ts'
import { isObject, type Json, type JsonObject } from '../json.ts'
import { pathSegments } from './partition-key.ts'

interface CompositePath {
  path: string
  order: 'ascending' | 'descending'
}

/** What a container's indexing policy means for queries and charges. */
export interface IndexPolicy {
  mode: 'consistent' | 'none'
  composites: CompositePath[][]
  isIndexed(path: readonly string[]): boolean
}

// Source: Microsoft, "Azure Cosmos DB service quotas", SQL query limits.
const MAX_PATHS = 1500
const MAX_COMPOSITES = 100
const MAX_COMPOSITE_PATHS = 8

const DEFAULT: JsonObject = {
  indexingMode: 'consistent',
  automatic: true,
  includedPaths: [{ path: '/*' }],
  excludedPaths: [{ path: '/"_etag"/?' }],
}

export function defaultIndexingPolicy(): JsonObject {
  return structuredClone(DEFAULT)
}

/**
 * Reads an indexing policy; of an included and an excluded path the more precise one decides, as in Azure.
 * @throws CosmosError 400 for a mode or a path that Azure would refuse
 */
export function indexPolicy(policy: JsonObject): IndexPolicy {
  const mode = String(policy.indexingMode ?? 'consistent').toLowerCase()
  if (mode !== 'consistent' && mode !== 'none' && mode !== 'lazy') {
    throw badRequest(`The indexing mode '${mode}' is invalid: it must be consistent or none.`)
  }
  const rules = [...rulesOf(policy.includedPaths, true), ...rulesOf(policy.excludedPaths, false)]
  if (mode !== 'none' && rules.length > 0 && !rules.some(rule => rule.segments.length === 0)) {
    throw badRequest("The special mandatory indexing path '/' or '/*' is not provided in any of the path type sets.")
  }
  const names = rules.map(rule => `${rule.segments.join('/')}${rule.subtree ? '/*' : '/?'}`)
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) throw badRequest(`The indexing path '/${twice}' is included or excluded more than once.`)
  rules.sort((a, b) => b.precision - a.precision)
  return {
    mode: mode === 'none' ? 'none' : 'consistent',
    composites: compositesOf(policy.compositeIndexes),
    isIndexed: path => mode !== 'none' && (rules.find(rule => matches(rule, path))?.included ?? true),
  }
}

/** How many distinct property paths of a document the policy indexes; the elements of an array share one path. */
export function countIndexedPaths(document: JsonObject, policy: IndexPolicy): number {
  if (policy.mode === 'none') return 0
  const seen = new Set<string>()
  const visit = (value: Json, path: string[]): void => {
    if (Array.isArray(value)) {
      const inner = [...path, '[]']
      for (const element of value) visit(element, inner)
    } else if (isObject(value)) {
      for (const key of Object.keys(value)) {
        const child = value[key]
        if (child !== undefined && !(path.length === 0 && key.startsWith('_'))) visit(child, [...path, key])
      }
    } else {
      const name = path.join('/')
      if (!seen.has(name) && policy.isIndexed(path)) seen.add(name)
    }
  }
  visit(document, [])
  return seen.size
}

interface Rule {
  segments: string[]
  subtree: boolean
  included: boolean
  precision: number
}

function rulesOf(paths: Json | undefined, included: boolean): Rule[] {
  if (paths === undefined) return []
  if (!Array.isArray(paths)) throw badRequest('The indexing paths must be an array of { path }.')
  if (paths.length > MAX_PATHS) {
    throw badRequest(`The indexing policy has ${paths.length} explicit paths: at most ${MAX_PATHS} are allowed.`)
  }
  return paths.map(entry => {
    const path = isObject(entry) ? entry.path : undefined
    if (typeof path !== 'string' || !path.startsWith('/') || !/(^\/|\/[*?])$/.test(path)) {
      throw badRequest(`The indexing path '${JSON.stringify(path)}' could not be accepted: it must end with /? or /*.`)
    }
    const segments = pathSegments(path)
    const last = segments.at(-1)
    const ending = last === '*' || last === '?'
    const names = ending ? segments.slice(0, -1) : segments
    const subtree = last !== '?'
    return { segments: names, subtree, included, precision: names.length * 2 + (subtree ? 0 : 1) }
  })
}

function matches(rule: Rule, path: readonly string[]): boolean {
  if (rule.subtree ? path.length < rule.segments.length : path.length !== rule.segments.length) return false
  return rule.segments.every((segment, at) => segment === path[at])
}

function compositesOf(indexes: Json | undefined): CompositePath[][] {
  if (indexes === undefined) return []
  if (!Array.isArray(indexes)) throw badRequest('compositeIndexes must be an array of arrays of { path, order }.')
  if (indexes.length > MAX_COMPOSITES) {
    throw badRequest(
      `The indexing policy has ${indexes.length} composite indexes: at most ${MAX_COMPOSITES} are allowed.`,
    )
  }
  return indexes.map(index => {
    if (!Array.isArray(index) || index.length < 2 || index.length > MAX_COMPOSITE_PATHS) {
      throw badRequest(`The number of paths in a composite index must be 2 to ${MAX_COMPOSITE_PATHS}.`)
    }
    return index.map(compositePath)
  })
}

function compositePath(entry: Json): CompositePath {
  const path = isObject(entry) ? entry.path : undefined
  if (typeof path !== 'string' || !path.startsWith('/') || /\/[*?]?$/.test(path)) {
    throw badRequest(`The composite index path '${JSON.stringify(path)}' must begin with '/' and end with a property.`)
  }
  const order = (isObject(entry) ? entry.order : undefined) ?? 'ascending'
  const name = typeof order === 'string' ? order.toLowerCase() : ''
  if (name !== 'ascending' && name !== 'descending') {
    throw badRequest(
      `The composite index order of '${path}' must be ascending or descending: it is ${JSON.stringify(order)}.`,
    )
  }
  return { path: pathSegments(path).join('/'), order: name }
}
