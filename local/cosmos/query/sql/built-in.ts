import type { Value } from '../../json.ts'

/** A built-in function with the least and the most arguments it takes. */
export interface BuiltIn {
  least: number
  most: number
  /** Whether it is taken once for all items of a query; it has no arguments then. */
  oncePerQuery?: true
  call(...args: Value[]): Value
}
