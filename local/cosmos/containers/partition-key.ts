import { badRequest } from '../errors.ts'
import { isObject, type Json, type JsonObject, type Value } from '../json.ts'

const MAX_KEY_BYTES = 2048

/** A partition key as stored text: a JSON array with `{}` where the document has no value. */
export type PartitionKeyText = string

/** The partition key a document belongs under. */
export function partitionKeyOf(document: JsonObject, paths: readonly string[]): PartitionKeyText {
  const values = paths.map(path => component(valueAt(document, pathSegments(path)), path))
  return text(values)
}

/**
 * The partition key named by the request header, complete for point operations.
 * @throws CosmosError 400 when it is missing, malformed or has another number of values than the container has paths
 */
export function completePartitionKey(header: string | undefined, paths: readonly string[]): PartitionKeyText {
  if (header === undefined) throw badRequest('PartitionKey value must be supplied for this operation.')
  const values = parse(header)
  if (values.length !== paths.length) {
    throw badRequest(
      `Partition key provided either doesn't correspond to definition in the collection or doesn't match partition key ` +
        `field values specified in the document: the header has ${values.length} values, the container ${paths.length} paths.`,
      1001,
    )
  }
  return text(values)
}

/** What a query may see: one partition key, or all keys beginning with the given values of a hierarchical key. */
export type PartitionScope =
  | { type: 'key'; key: PartitionKeyText }
  | { type: 'prefix'; key: PartitionKeyText; from: string; to: string }

export function partitionScope(header: string, paths: readonly string[]): PartitionScope {
  const values = parse(header)
  if (values.length === 0 || values.length > paths.length) {
    throw badRequest(
      `Partition key header '${header}' has ${values.length} values, the container has ${paths.length} paths.`,
      1001,
    )
  }
  const key = text(values)
  if (values.length === paths.length) return { type: 'key', key }
  const from = `${key.slice(0, -1)},`
  return { type: 'prefix', key, from, to: `${from}\u{10ffff}` }
}

export function keyText(values: readonly Value[]): PartitionKeyText {
  return text(values.map(value => component(value, 'of the query')))
}

export function pathSegments(path: string): string[] {
  const segments = path.slice(1).match(/"[^"]*"|[^/]+/g) ?? []
  return segments.map(segment => segment.replaceAll('"', ''))
}

/** The value at a path of property names; undefined where there is none. */
export function valueAt(document: Value, segments: readonly string[]): Value {
  let value = document
  for (const segment of segments) {
    if (!isObject(value) || !Object.hasOwn(value, segment)) return undefined
    value = value[segment]
  }
  return value
}

function parse(header: string): Json[] {
  try {
    const values: unknown = JSON.parse(header)
    if (Array.isArray(values)) return values.map(value => component(value, 'of the header'))
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
  }
  throw badRequest(`Partition key header '${header}' is not a JSON array of values.`)
}

function component(value: unknown, path: string): Json {
  if (value === undefined) return {}
  if (isObject(value) && Object.keys(value).length === 0) return {}
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value
  throw badRequest(`Partition key ${path} must be a string, number, boolean or null: it is ${JSON.stringify(value)}.`)
}

function text(values: readonly Json[]): PartitionKeyText {
  const key = JSON.stringify(values)
  if (key.length > MAX_KEY_BYTES && Buffer.byteLength(key) > MAX_KEY_BYTES) {
    throw badRequest(`Partition key is longer than ${MAX_KEY_BYTES} bytes: it begins with ${key.slice(0, 40)}.`)
  }
  return key
}
