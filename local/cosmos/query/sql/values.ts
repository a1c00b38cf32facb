import { isObject, type Json, type Value } from '../../json.ts'

/** Equality of any two values; a missing one makes the comparison itself undefined. */
export function equals(a: Value, b: Value): boolean | undefined {
  if (a === undefined || b === undefined) return undefined
  return same(a, b)
}

/** Order of two values of the same primitive type, otherwise undefined. */
export function compare(a: Value, b: Value): number | undefined {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b)
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b)
  return a === null && b === null ? 0 : undefined
}

/** The total order of ORDER BY: undefined, null, booleans, numbers, strings, arrays, objects. */
export function order(a: Value, b: Value): number {
  const rank = typeRank(a) - typeRank(b)
  if (rank !== 0) return rank
  const compared = compare(a, b)
  if (compared !== undefined) return compared
  return a === undefined || b === undefined ? 0 : compareStrings(canonical(a), canonical(b))
}

/** One text for equal values, whatever the order of their properties. */
export function canonical(value: Value): string {
  if (value === undefined) return 'undefined'
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (!isObject(value)) return JSON.stringify(value)
  const properties = Object.keys(value).sort()
  return `{${properties.map(key => `${JSON.stringify(key)}:${canonical(value[key])}`).join()}}`
}

function same(a: Json, b: Json): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  return canonical(a) === canonical(b)
}

function compareStrings(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function typeRank(value: Value): number {
  if (value === undefined) return 0
  if (value === null) return 1
  if (typeof value === 'boolean') return 2
  if (typeof value === 'number') return 3
  if (typeof value === 'string') return 4
  return Array.isArray(value) ? 5 : 6
}
