import { isObject, type Json, type Value } from '../../json.ts'
import type { BuiltIn } from './built-in.ts'
import { canonical, equals } from './values.ts'

/** Whether `value` holds everything `part` has: for objects property by property, otherwise by equality. */
function includesPart(value: Json, part: Json): boolean {
  if (!isObject(value) || !isObject(part)) return equals(value, part) === true
  return Object.entries(part).every(([key, expected]) => {
    const actual = value[key]
    return actual !== undefined && includesPart(actual, expected)
  })
}

function contains(array: Value, value: Value, partial: Value): Value {
  if (!Array.isArray(array) || value === undefined) return undefined
  return array.some(element => (partial === true ? includesPart(element, value) : equals(element, value) === true))
}

function concatenate(...arrays: Value[]): Value {
  const all: Json[] = []
  for (const array of arrays) {
    if (!Array.isArray(array)) return undefined
    all.push(...array)
  }
  return all
}

function slice(array: Value, from: Value, length: Value): Value {
  if (!Array.isArray(array) || typeof from !== 'number') return undefined
  const start = from < 0 ? Math.max(0, array.length + from) : from
  if (length === undefined) return array.slice(start)
  return typeof length === 'number' ? array.slice(start, start + Math.max(0, length)) : undefined
}

function distinct(values: Json[]): Json[] {
  return [...new Map(values.map(value => [canonical(value), value])).values()]
}

function intersect(a: Value, b: Value): Value {
  if (!Array.isArray(a) || !Array.isArray(b)) return undefined
  const others = new Set(b.map(canonical))
  return distinct(a.filter(value => others.has(canonical(value))))
}

const quantified = (every: boolean): BuiltIn => ({
  least: 2,
  most: 64,
  call: (array, ...values) => {
    if (!Array.isArray(array)) return undefined
    const has = (value: Value): boolean => array.some(element => equals(element, value) === true)
    return every ? values.every(has) : values.some(has)
  },
})

export const ARRAY_FUNCTIONS: Record<string, BuiltIn> = {
  ARRAY_CONCAT: { least: 2, most: 64, call: concatenate },
  ARRAY_CONTAINS: { least: 2, most: 3, call: contains },
  ARRAY_CONTAINS_ALL: quantified(true),
  ARRAY_CONTAINS_ANY: quantified(false),
  ARRAY_LENGTH: { least: 1, most: 1, call: array => (Array.isArray(array) ? array.length : undefined) },
  ARRAY_SLICE: { least: 2, most: 3, call: slice },
  SETINTERSECT: { least: 2, most: 2, call: intersect },
  SETUNION: {
    least: 2,
    most: 2,
    call: (a, b) => (Array.isArray(a) && Array.isArray(b) ? distinct([...a, ...b]) : undefined),
  },
}
