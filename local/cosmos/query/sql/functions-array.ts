import { isObject, type Json, type Value } from '../../json.ts'
import type { BuiltIn } from './built-in.ts'
import { canonical, equals, order } from './values.ts'

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

function without(a: Value, b: Value): Value {
  if (!Array.isArray(a) || !Array.isArray(b)) return undefined
  const others = new Set(b.map(canonical))
  return distinct(a.filter(value => !others.has(canonical(value))))
}

function sameSet(a: Value, b: Value): Value {
  if (!Array.isArray(a) || !Array.isArray(b)) return undefined
  const [one, other] = [new Set(a.map(canonical)), new Set(b.map(canonical))]
  return one.size === other.size && [...one].every(value => other.has(value))
}

/** What an array of numbers comes to; undefined for an empty one and where an element is no number. */
const ofNumbers = (apply: (numbers: number[]) => number): BuiltIn => ({
  least: 1,
  most: 1,
  call: array => {
    if (!Array.isArray(array) || array.length === 0) return undefined
    const numbers = array.filter(element => typeof element === 'number')
    return numbers.length === array.length ? apply(numbers) : undefined
  },
})

/** The greatest element by the order of ORDER BY, or the least; of arrays and objects there is none. */
const extreme = (sign: 1 | -1): BuiltIn => ({
  least: 1,
  most: 1,
  call: array => {
    if (!Array.isArray(array) || array.some(element => typeof element === 'object' && element !== null))
      return undefined
    return array.toSorted((a, b) => sign * order(b, a))[0]
  },
})

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0)

function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2
}

function toPairs(object: Value, nameField: Value = 'k', valueField: Value = 'v'): Value {
  if (!isObject(object) || typeof nameField !== 'string' || typeof valueField !== 'string') return undefined
  return Object.entries(object).map(([name, value]) => ({ [nameField]: name, [valueField]: value }))
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
  ARRAY_AVG: ofNumbers(numbers => sum(numbers) / numbers.length),
  ARRAY_CONCAT: { least: 2, most: 64, call: concatenate },
  ARRAY_CONTAINS: { least: 2, most: 3, call: contains },
  ARRAY_CONTAINS_ALL: quantified(true),
  ARRAY_CONTAINS_ANY: quantified(false),
  ARRAY_LENGTH: { least: 1, most: 1, call: array => (Array.isArray(array) ? array.length : undefined) },
  ARRAY_MAX: extreme(1),
  ARRAY_MEDIAN: ofNumbers(median),
  ARRAY_MIN: extreme(-1),
  ARRAY_SLICE: { least: 2, most: 3, call: slice },
  ARRAY_SUM: ofNumbers(sum),
  // Counted from 1; any other index than that of a value is undefined.
  CHOOSE: { least: 2, most: 64, call: (at, ...values) => (typeof at === 'number' ? values[at - 1] : undefined) },
  OBJECTTOARRAY: { least: 1, most: 3, call: toPairs },
  SETDIFFERENCE: { least: 2, most: 2, call: without },
  SETEQUAL: { least: 2, most: 2, call: sameSet },
  SETINTERSECT: { least: 2, most: 2, call: intersect },
  SETUNION: {
    least: 2,
    most: 2,
    call: (a, b) => (Array.isArray(a) && Array.isArray(b) ? distinct([...a, ...b]) : undefined),
  },
}
