import { createHash } from 'node:crypto'
import { isArray, isObject, Lambda, nestedId, Reference, textOf, type Value } from './values.ts'

type Func = (...given: readonly Value[]) => Value

const text = (value: Value | undefined): string => {
  if (typeof value === 'string') return value
  if (value instanceof Reference) return value.toString()
  throw new RangeError(`a string is needed: current value is ${textOf(value ?? null)}`)
}
const list = (value: Value | undefined): readonly Value[] => {
  if (isArray(value)) return value
  throw new RangeError(`an array is needed: current value is ${textOf(value ?? null)}`)
}
const record = (value: Value | undefined): Readonly<Record<string, Value>> => {
  if (isObject(value)) return value
  throw new RangeError(`an object is needed: current value is ${textOf(value ?? null)}`)
}
const whole = (value: Value | undefined): number => {
  if (typeof value === 'number') return value
  throw new RangeError(`a number is needed: current value is ${textOf(value ?? null)}`)
}
const lambda = (value: Value | undefined): Lambda => {
  if (value instanceof Lambda) return value
  throw new RangeError('a lambda is needed')
}
const digest = (values: readonly Value[]) => createHash('sha256').update(values.map(textOf).join('|')).digest('hex')

/** 13 letters and digits, as Azure's, of which no two deployments share any. */
const uniqueString: Func = (...given) =>
  BigInt(`0x${digest(given).slice(0, 24)}`)
    .toString(36)
    .padStart(13, '0')
    .slice(-13)

const guid: Func = (...given) => {
  const hash = digest(given)
  return [hash.slice(0, 8), hash.slice(8, 12), hash.slice(12, 16), hash.slice(16, 20), hash.slice(20, 32)].join('-')
}

const resourceId =
  (scope: string): Func =>
  (type, ...names) =>
    `${scope}/providers/${nestedId(text(type), names.map(textOf))}`

function contains(within: Value | undefined, sought: Value | undefined): boolean {
  if (isObject(within)) return Object.hasOwn(within, text(sought))
  if (isArray(within)) return within.some(value => same(value, sought ?? null))
  return text(within).includes(text(sought))
}

export function same(left: Value, right: Value): boolean {
  return left === right || (typeof left === 'object' && typeof right === 'object' && textOf(left) === textOf(right))
}

function union(...given: readonly Value[]): Value {
  if (given.every(isArray)) {
    const merged: Value[] = []
    for (const value of given.flat()) if (!merged.some(kept => same(kept, value))) merged.push(value)
    return merged
  }
  const joined: Record<string, Value> = {}
  for (const next of given.map(record)) {
    for (const [key, value] of Object.entries(next)) {
      const before = joined[key]
      joined[key] = isObject(before) && isObject(value) ? union(before, value) : value
    }
  }
  return joined
}

function length(value: Value | undefined): number {
  if (isObject(value)) return Object.keys(value).length
  return isArray(value) ? value.length : text(value).length
}

function format(...given: readonly Value[]): string {
  return text(given[0]).replace(/\{(\d+)\}/g, (_, index: string) => textOf(given[Number(index) + 1] ?? null))
}

const strings: Readonly<Record<string, Func>> = {
  toLower: value => text(value).toLowerCase(),
  toUpper: value => text(value).toUpperCase(),
  trim: value => text(value).trim(),
  replace: (value, before, after) => text(value).replaceAll(text(before), text(after)),
  substring: (value, start, count) =>
    text(value).slice(whole(start), count === undefined ? undefined : whole(start) + whole(count)),
  split: (value, by) => text(value).split(text(by)),
  join: (values, by) => list(values).map(textOf).join(text(by)),
  startsWith: (value, start) => text(value).toLowerCase().startsWith(text(start).toLowerCase()),
  endsWith: (value, end) => text(value).toLowerCase().endsWith(text(end).toLowerCase()),
  padLeft: (value, count, by) => textOf(value ?? null).padStart(whole(count), by === undefined ? ' ' : text(by)),
  base64: value => Buffer.from(text(value)).toString('base64'),
  string: value => textOf(value ?? null),
  int: value => Number(value),
  bool: value => value === true || textOf(value ?? null).toLowerCase() === 'true',
  json: value => JSON.parse(text(value)) as Value,
  uri: (base, path) => new URL(text(path), text(base)).href,
  format,
  uniqueString,
  guid,
}

const collections: Readonly<Record<string, Func>> = {
  concat: (...given) => (given.every(isArray) ? given.flat() : given.map(text).join('')),
  union,
  contains: (within, sought) => contains(within, sought),
  length,
  empty: value => value === null || value === undefined || length(value) === 0,
  first: values => (isArray(values) ? (values[0] ?? null) : text(values).slice(0, 1)),
  last: values => (isArray(values) ? (values.at(-1) ?? null) : text(values).slice(-1)),
  take: (values, count) => (isArray(values) ? values.slice(0, whole(count)) : text(values).slice(0, whole(count))),
  skip: (values, count) => (isArray(values) ? values.slice(whole(count)) : text(values).slice(whole(count))),
  indexOf: (values, sought) =>
    isArray(values) ? values.findIndex(value => same(value, sought ?? null)) : text(values).indexOf(text(sought)),
  range: (start, count) => Array.from({ length: whole(count) }, (_, index) => whole(start) + index),
  min: (...given) => Math.min(...(isArray(given[0]) ? given[0] : given).map(whole)),
  max: (...given) => Math.max(...(isArray(given[0]) ? given[0] : given).map(whole)),
  flatten: values => list(values).flatMap(list),
  intersection: (...given) => list(given[0]).filter(value => given.every(other => contains(other, value))),
  objectKeys: value => Object.keys(record(value)).sort(),
  items: value =>
    Object.entries(record(value))
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, item]) => ({ key, value: item })),
  map: (values, by) => list(values).map((value, index) => lambda(by).call(value, index)),
  filter: (values, by) => list(values).filter((value, index) => lambda(by).call(value, index) === true),
  reduce: (values, start, by) => list(values).reduce((sum, value) => lambda(by).call(sum, value), start ?? null),
  sort: (values, by) => [...list(values)].sort((left, right) => (lambda(by).call(left, right) === true ? -1 : 1)),
  toObject: (values, key, value) =>
    Object.fromEntries(
      list(values).map(item => [text(lambda(key).call(item)), value === undefined ? item : lambda(value).call(item)]),
    ),
  any: value => value ?? null,
  coalesce: (...given) => given.find(value => value !== null) ?? null,
}

const deployment: Readonly<Record<string, Func>> = {
  resourceId: resourceId('⟦scope⟧'),
  subscriptionResourceId: resourceId('⟦subscription().id⟧'),
  tenantResourceId: resourceId(''),
  subscription: () => new Reference('subscription()', []),
  resourceGroup: (...given) => new Reference('resourceGroup()', given.map(textOf)),
  tenant: () => new Reference('tenant()', []),
  deployment: () => new Reference('deployment()', []),
  // Of Azure's public cloud.
  environment: () => ({
    suffixes: { storage: 'core.windows.net', keyvaultDns: '.vault.azure.net' },
    authentication: { loginEndpoint: 'https://login.microsoftonline.com/' },
  }),
  utcNow: () => '⟦utcNow()⟧',
}

/** The functions of Bicep that the templates may call, by name; those that read files are the caller's. */
export const functions: Readonly<Record<string, Func>> = { ...strings, ...collections, ...deployment }
