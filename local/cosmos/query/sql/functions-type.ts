import { isObject, type Value } from '../../json.ts'
import type { BuiltIn } from './built-in.ts'

const test = (holds: (value: Value) => boolean): BuiltIn => ({ least: 1, most: 1, call: holds })

const isInteger = (value: Value): boolean => typeof value === 'number' && Number.isInteger(value)

export const TYPE_FUNCTIONS: Record<string, BuiltIn> = {
  IS_DEFINED: test(value => value !== undefined),
  IS_NULL: test(value => value === null),
  IS_BOOL: test(value => typeof value === 'boolean'),
  IS_NUMBER: test(value => typeof value === 'number'),
  IS_FINITE_NUMBER: test(value => typeof value === 'number'),
  IS_INTEGER: test(isInteger),
  IS_STRING: test(value => typeof value === 'string'),
  IS_ARRAY: test(value => Array.isArray(value)),
  IS_OBJECT: test(value => isObject(value)),
  IS_PRIMITIVE: test(value => value !== undefined && (value === null || typeof value !== 'object')),
  IIF: { least: 3, most: 3, call: (condition, yes, no) => (condition === true ? yes : no) },
}
