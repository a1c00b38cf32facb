import type { Item } from '../../../schemas/catalogue.ts'
import type { Comparison, Expression, Operand } from './expression.ts'
import { fields, type RequestFacts, type Value } from './fields.ts'

/** Whether an item fulfils an expression at a request. */
export type Condition = (item: Item, about: RequestFacts) => boolean
type Read = (item: Item, about: RequestFacts) => Value | undefined

/**
 * An expression as a function. There are two truth values: = < <= > >=, `in` and `has` are false where a value they need
 * is not known; `not` turns false into true, and != and `not in` are the negations of = and `in`.
 * @throws RangeError for a field that is not in `fields`, which no parsed expression has
 */
export function compileExpression(expression: Expression): Condition {
  switch (expression.type) {
    case 'and':
      return every(expression.parts.map(compileExpression))
    case 'or':
      return some(expression.parts.map(compileExpression))
    case 'not': {
      const of = compileExpression(expression.of)
      return (item, about) => !of(item, about)
    }
    case 'compare':
      return compared(expression.operator, read(expression.left), read(expression.right))
    case 'in':
      return among(expression.value, expression.among)
    case 'has': {
      const list = read(expression.list)
      const value = read(expression.value)
      return (item, about) => {
        const values = list(item, about)
        const sought = value(item, about)
        return Array.isArray(values) && sought !== undefined && values.includes(sought)
      }
    }
    case 'known': {
      const value = read(expression.value)
      return (item, about) => value(item, about) !== undefined
    }
  }
}

function every(conditions: readonly Condition[]): Condition {
  return (item, about) => {
    for (const condition of conditions) if (!condition(item, about)) return false
    return true
  }
}

function some(conditions: readonly Condition[]): Condition {
  return (item, about) => {
    for (const condition of conditions) if (condition(item, about)) return true
    return false
  }
}

function compared(operator: Comparison, left: Read, right: Read): Condition {
  const both = (holds: (a: Value, b: Value) => boolean): Condition => {
    return (item, about) => {
      const a = left(item, about)
      const b = right(item, about)
      return a !== undefined && b !== undefined && holds(a, b)
    }
  }
  switch (operator) {
    case '=':
      return both((a, b) => a === b)
    case '!=': {
      const equal = both((a, b) => a === b)
      return (item, about) => !equal(item, about)
    }
    case '<':
      return both((a, b) => a < b)
    case '<=':
      return both((a, b) => a <= b)
    case '>':
      return both((a, b) => a > b)
    case '>=':
      return both((a, b) => a >= b)
  }
}

/** What is written out is looked up at once, what is read off is compared one by one. */
function among(value: Operand, operands: readonly Operand[]): Condition {
  const sought = read(value)
  const literals = new Set<Value>(operands.flatMap(operand => (operand.type === 'literal' ? [operand.value] : [])))
  const others = operands.filter(({ type }) => type === 'field').map(read)
  return (item, about) => {
    const found = sought(item, about)
    if (found === undefined) return false
    return literals.has(found) || others.some(other => other(item, about) === found)
  }
}

function read(operand: Operand): Read {
  if (operand.type === 'literal') return () => operand.value
  const field = fields.get(operand.name)
  if (!field) throw new RangeError(`Cannot compile an expression as ${operand.name} is not a field`)
  return field.read
}
