import { badRequest, CosmosError } from '../errors.ts'
import { isObject, type Json, type JsonObject } from '../json.ts'
import { matchesCondition } from '../query/sql/condition.ts'

const MAX_OPERATIONS = 10
const SYSTEM = ['_rid', '_self', '_etag', '_attachments', '_ts', 'id']

/**
 * The document after the operations, all of them or none.
 * Source: Microsoft, "Partial document update in Azure Cosmos DB", supported operations.
 * @throws CosmosError 400 for an operation that does not fit the document, 412 when the condition does not hold
 */
export function patchDocument(document: JsonObject, body: Json, partitionKeyPaths: readonly string[]): JsonObject {
  const operations = Array.isArray(body) ? body : isObject(body) ? body.operations : undefined
  if (!Array.isArray(operations) || operations.length === 0) {
    throw badRequest('The patch must hold an array of operations that is not empty.')
  }
  if (operations.length > MAX_OPERATIONS) {
    throw badRequest(`The number of patch operations, ${operations.length}, exceeds the limit of ${MAX_OPERATIONS}.`)
  }
  const condition = isObject(body) ? body.condition : undefined
  if (typeof condition === 'string' && !matchesCondition(document, condition)) {
    throw new CosmosError(412, 'The condition of the patch is not met by the document.', 1110)
  }
  for (const operation of operations) apply(document, operation, partitionKeyPaths)
  return document
}

function apply(document: JsonObject, operation: Json, partitionKeyPaths: readonly string[]): void {
  if (!isObject(operation)) throw badRequest('A patch operation must be an object { op, path, value }.')
  const op = String(operation.op).toLowerCase()
  const path = pointer(operation.path, 'path', partitionKeyPaths)
  const place = find(document, path)
  const { value } = operation
  if (value === undefined && op !== 'remove' && op !== 'move') {
    throw badRequest(`The patch operation '${op}' on '${operation.path}' needs a value.`)
  }
  switch (op) {
    case 'add':
      put(place, value ?? null, { insert: true })
      return
    case 'set':
      put(place, value ?? null, { insert: false })
      return
    case 'replace':
      place.need()
      put(place, value ?? null, { insert: false })
      return
    case 'remove':
      place.remove()
      return
    case 'incr':
      increment(place, value ?? null)
      return
    case 'move': {
      const from = pointer(operation.from, 'from', partitionKeyPaths)
      if (path.length > from.length && from.every((segment, at) => segment === path[at])) {
        throw badRequest(`The patch cannot move '${operation.from}' into itself at '${operation.path}'.`)
      }
      const source = find(document, from)
      const moved = source.need()
      source.remove()
      put(find(document, path), moved, { insert: true })
      return
    }
    default:
      throw badRequest(`The patch operation '${op}' is unknown: it must be add, set, replace, remove, incr or move.`)
  }
}

interface Place {
  name: string
  parent: JsonObject | Json[]
  key: string
  need(): Json
  remove(): void
}

function find(document: JsonObject, path: readonly string[]): Place {
  const name = `/${path.join('/')}`
  let parent: Json = document
  for (const segment of path.slice(0, -1)) {
    const child: Json | undefined = Array.isArray(parent) ? parent[index(segment, name)] : ownValue(parent, segment)
    if (!isObject(child) && !Array.isArray(child)) {
      throw badRequest(`For the patch, the parent of '${name}' must be an object or an array in the document.`)
    }
    parent = child
  }
  const key = path.at(-1) ?? ''
  const container: JsonObject | Json[] = parent
  const need = (): Json => {
    const value = Array.isArray(container) ? container[index(key, name)] : ownValue(container, key)
    if (value === undefined) throw badRequest(`For the patch, the path '${name}' must exist in the document.`)
    return value
  }
  const remove = (): void => {
    need()
    if (Array.isArray(container)) container.splice(index(key, name), 1)
    else delete container[key]
  }
  return { name, parent: container, key, need, remove }
}

function put(place: Place, value: Json, { insert }: { insert: boolean }): void {
  const { parent, key, name } = place
  if (!Array.isArray(parent)) {
    // Defined and not assigned: __proto__ is a name like any other.
    Object.defineProperty(parent, key, { value, writable: true, enumerable: true, configurable: true })
    return
  }
  const at = key === '-' ? parent.length : index(key, name)
  if (at > parent.length) throw badRequest(`The patch's array index of '${name}' is beyond the end of the array.`)
  if (insert) parent.splice(at, 0, value)
  else parent[at] = value
}

function increment(place: Place, by: Json): void {
  if (typeof by !== 'number') throw badRequest(`The patch increment of '${place.name}' must be a number.`)
  const { parent, key, name } = place
  const before = Array.isArray(parent) ? parent[index(key, name)] : ownValue(parent, key)
  if (before !== undefined && typeof before !== 'number') {
    throw badRequest(`The patch cannot increment '${name}': it is not a number but ${JSON.stringify(before)}.`)
  }
  if (before === undefined && Array.isArray(parent))
    throw badRequest(`The patch's array index of '${name}' is not there.`)
  put(place, (before ?? 0) + by, { insert: false })
}

function pointer(path: Json | undefined, field: string, partitionKeyPaths: readonly string[]): string[] {
  if (typeof path !== 'string' || !path.startsWith('/') || path.length < 2) {
    throw badRequest(`The patch operation's ${field} must begin with '/' and name a property: it is '${String(path)}'.`)
  }
  const segments = path
    .slice(1)
    .split('/')
    .map(segment => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
  if (segments.length === 1 && SYSTEM.includes(segments[0] ?? '')) {
    throw badRequest(`The patch cannot change '${path}': it is kept by the system.`)
  }
  if (partitionKeyPaths.some(key => key === path || key.startsWith(`${path}/`))) {
    throw badRequest(`The patch cannot change '${path}': it is part of the partition key.`)
  }
  return segments
}

function index(key: string, name: string): number {
  if (!/^(0|[1-9]\d*)$/.test(key)) throw badRequest(`The patch's array index '${key}' of '${name}' is not a number.`)
  return Number(key)
}

function ownValue(parent: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(parent, key) ? parent[key] : undefined
}
