import { badRequest } from '../../errors.ts'
import { isObject, type Json, type Value } from '../../json.ts'
import type { Aggregate, Query, Scalar } from './ast.ts'
import { builtIn } from './functions.ts'
import { likePattern } from './like.ts'
import { and, binaryOperator, or } from './operators.ts'
import { compare, equals } from './values.ts'

/** The values of one row while it is computed: those of the aliases, and the finished aggregates of its group. */
export interface Scope {
  values: Value[]
  aggregates: Value[]
}

export type Evaluate = (scope: Scope) => Value

/** What names stand for where an expression is written. */
export interface Environment {
  slots: ReadonlyMap<string, number>
  parameters: ReadonlyMap<string, Json>
  /** Collects the aggregates of a SELECT list; undefined where none are allowed. */
  aggregates: { name: Aggregate; operand: Evaluate }[] | undefined
  compileSubquery(query: Query, environment: Environment): (scope: Scope) => Json[]
}

/** @throws CosmosError 400 for a name that stands for nothing, and an aggregate where there is none to be */
export function compileScalar(scalar: Scalar, environment: Environment): Evaluate {
  switch (scalar.type) {
    case 'constant': {
      const { value } = scalar
      return () => value
    }
    case 'undefined':
      return () => undefined
    case 'parameter': {
      const value = environment.parameters.get(scalar.name)
      if (value === undefined) {
        throw badRequest(`The parameter '${scalar.name}' is used in the query but has no value among its parameters.`)
      }
      return () => value
    }
    case 'placeholder':
      throw new RangeError(`The placeholder ${scalar.name} must be replaced before the query is run`)
    case 'alias': {
      const slot = environment.slots.get(scalar.name)
      if (slot === undefined) throw badRequest(`Identifier '${scalar.name}' could not be resolved.`)
      return scope => scope.values[slot]
    }
    case 'array':
    case 'object':
      return compileConstructor(scalar, environment)
    case 'aggregate':
      return compileAggregate(scalar, environment)
    case 'subquery':
      return compileSubquery(scalar, environment)
    case 'member':
      return compileMember(scalar, environment)
    case 'call': {
      const fn = builtIn(scalar.name, scalar.args.length)
      if (fn.oncePerQuery) {
        const value = fn.call()
        return () => value
      }
      const args = scalar.args.map(arg => compileScalar(arg, environment))
      return scope => fn.call(...args.map(arg => arg(scope)))
    }
    default:
      return compileOperator(scalar, environment)
  }
}

type Operator = Extract<Scalar, { type: 'unary' | 'binary' | 'conditional' | 'in' | 'between' | 'like' }>

function compileOperator(scalar: Operator, environment: Environment): Evaluate {
  const compile = (inner: Scalar): Evaluate => compileScalar(inner, environment)
  switch (scalar.type) {
    case 'unary':
      return compileUnary(scalar.operator, compile(scalar.operand))
    case 'binary':
      return compileBinary(scalar, compile(scalar.left), compile(scalar.right))
    case 'conditional': {
      const [test, yes, no] = [compile(scalar.test), compile(scalar.yes), compile(scalar.no)]
      return scope => (test(scope) === true ? yes(scope) : no(scope))
    }
    case 'in': {
      const operand = compile(scalar.operand)
      const options = scalar.options.map(compile)
      return scope => {
        const value = operand(scope)
        return value === undefined ? undefined : options.some(option => equals(value, option(scope)) === true)
      }
    }
    case 'between': {
      const [operand, low, high] = [compile(scalar.operand), compile(scalar.low), compile(scalar.high)]
      return scope => {
        const value = operand(scope)
        const fromLow = compare(value, low(scope))
        const toHigh = compare(value, high(scope))
        return fromLow === undefined || toHigh === undefined ? undefined : fromLow >= 0 && toHigh <= 0
      }
    }
    case 'like':
      return compileLike(compile(scalar.operand), compile(scalar.pattern), scalar.escapeBy)
  }
}

function compileUnary(operator: 'NOT' | '-' | '+' | '~', operand: Evaluate): Evaluate {
  if (operator === 'NOT') {
    return scope => {
      const value = operand(scope)
      return typeof value === 'boolean' ? !value : undefined
    }
  }
  return scope => {
    const value = operand(scope)
    if (typeof value !== 'number') return undefined
    return operator === '-' ? -value : operator === '~' ? ~value : value
  }
}

function compileBinary(scalar: Extract<Scalar, { type: 'binary' }>, left: Evaluate, right: Evaluate): Evaluate {
  switch (scalar.operator) {
    case 'AND':
      return scope => and(left(scope), () => right(scope))
    case 'OR':
      return scope => or(left(scope), () => right(scope))
    case '??':
      return scope => {
        const value = left(scope)
        return value === undefined ? right(scope) : value
      }
    default: {
      const operator = binaryOperator(scalar.operator)
      return scope => operator(left(scope), right(scope))
    }
  }
}

function compileLike(operand: Evaluate, pattern: Evaluate, escapeBy: string | undefined): Evaluate {
  const patterns = new Map<string, RegExp>()
  return scope => {
    const [value, like] = [operand(scope), pattern(scope)]
    if (typeof value !== 'string' || typeof like !== 'string') return undefined
    let compiled = patterns.get(like)
    if (!compiled) {
      compiled = likePattern(like, escapeBy)
      patterns.set(like, compiled)
    }
    return compiled.test(value)
  }
}

function compileMember(scalar: Extract<Scalar, { type: 'member' }>, environment: Environment): Evaluate {
  const target = compileScalar(scalar.target, environment)
  const key = compileScalar(scalar.key, environment)
  return scope => {
    const [value, name] = [target(scope), key(scope)]
    if (Array.isArray(value)) return typeof name === 'number' ? value[name] : undefined
    return isObject(value) && typeof name === 'string' && Object.hasOwn(value, name) ? value[name] : undefined
  }
}

function compileConstructor(scalar: Extract<Scalar, { type: 'array' | 'object' }>, environment: Environment): Evaluate {
  if (scalar.type === 'array') {
    const items = scalar.items.map(item => compileScalar(item, environment))
    return scope => items.map(item => item(scope)).filter(value => value !== undefined)
  }
  const properties = scalar.properties.map(({ key, value }) => ({ key, value: compileScalar(value, environment) }))
  return scope => objectOf(properties, scope)
}

/** An object of the properties that have a value. */
export function objectOf(properties: readonly { key: string; value: Evaluate }[], scope: Scope): Json {
  const object: { [key: string]: Json } = {}
  for (const { key, value } of properties) {
    const result = value(scope)
    if (result !== undefined) object[key] = result
  }
  return object
}

function compileAggregate(scalar: Extract<Scalar, { type: 'aggregate' }>, environment: Environment): Evaluate {
  const { aggregates } = environment
  if (!aggregates) throw badRequest(`The aggregate function ${scalar.name} is only allowed in the SELECT list.`)
  const operand = compileScalar(scalar.operand, { ...environment, aggregates: undefined })
  const at = aggregates.push({ name: scalar.name, operand }) - 1
  return scope => scope.aggregates[at]
}

function compileSubquery(scalar: Extract<Scalar, { type: 'subquery' }>, environment: Environment): Evaluate {
  const rows = environment.compileSubquery(scalar.query, environment)
  switch (scalar.kind) {
    case 'EXISTS':
      return scope => rows(scope).length > 0
    case 'ARRAY':
      return rows
    case 'SCALAR':
      return scope => rows(scope)[0]
  }
}
