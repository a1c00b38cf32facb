import type { Value } from '../../json.ts'

/** A built-in function with the least and the most arguments it takes. */
export interface BuiltIn {
  least: number
  most: number
  call(...args: Value[]): Value
}
