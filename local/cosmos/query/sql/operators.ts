import type { Value } from '../../json.ts'
import type { BinaryOperator } from './ast.ts'
import { compare, equals } from './values.ts'

type StrictOperator = Exclude<BinaryOperator, 'AND' | 'OR' | '??'>

/** A binary operator that needs both its operands. Whatever does not fit its types gives undefined. */
export function binaryOperator(operator: StrictOperator): (a: Value, b: Value) => Value {
  return OPERATORS[operator]
}

/** AND and OR of three values: a known operand decides alone where it can, what is not a boolean is undefined. */
export function and(a: Value, b: () => Value): Value {
  if (a === false) return false
  const right = b()
  if (right === false) return false
  return a === true && right === true ? true : undefined
}

export function or(a: Value, b: () => Value): Value {
  if (a === true) return true
  const right = b()
  if (right === true) return true
  return a === false && right === false ? false : undefined
}

const OPERATORS: Record<StrictOperator, (a: Value, b: Value) => Value> = {
  '=': equals,
  '!=': (a, b) => {
    const equal = equals(a, b)
    return equal === undefined ? undefined : !equal
  },
  '<': ordered(order => order < 0),
  '<=': ordered(order => order <= 0),
  '>': ordered(order => order > 0),
  '>=': ordered(order => order >= 0),
  '||': (a, b) => (typeof a === 'string' && typeof b === 'string' ? a + b : undefined),
  '+': arithmetic((a, b) => a + b),
  '-': arithmetic((a, b) => a - b),
  '*': arithmetic((a, b) => a * b),
  '/': arithmetic((a, b) => a / b),
  '%': arithmetic((a, b) => a % b),
  '&': arithmetic((a, b) => a & b),
  '|': arithmetic((a, b) => a | b),
  '^': arithmetic((a, b) => a ^ b),
  '<<': arithmetic((a, b) => a << b),
  '>>': arithmetic((a, b) => a >> b),
  '>>>': arithmetic((a, b) => a >>> b),
}

function ordered(test: (order: number) => boolean): (a: Value, b: Value) => Value {
  return (a, b) => {
    const order = compare(a, b)
    return order === undefined ? undefined : test(order)
  }
}

function arithmetic(apply: (a: number, b: number) => number): (a: Value, b: Value) => Value {
  return (a, b) => {
    if (typeof a !== 'number' || typeof b !== 'number') return undefined
    const result = apply(a, b)
    return Number.isFinite(result) ? result : undefined
  }
}
