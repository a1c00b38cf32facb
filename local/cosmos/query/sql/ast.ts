import type { Json } from '../../json.ts'

export type BinaryOperator =
  | 'AND'
  | 'OR'
  | '??'
  | '='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '||'
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '&'
  | '|'
  | '^'
  | '<<'
  | '>>'
  | '>>>'

export type Aggregate = 'COUNT' | 'SUM' | 'MIN' | 'MAX' | 'AVG'

export type Scalar =
  | { type: 'constant'; value: Json }
  | { type: 'undefined' }
  | { type: 'parameter'; name: string }
  /** Text that a client replaces before it sends the query: printed only, never parsed. */
  | { type: 'placeholder'; name: string }
  | { type: 'alias'; name: string }
  | { type: 'member'; target: Scalar; key: Scalar }
  | { type: 'unary'; operator: 'NOT' | '-' | '+' | '~'; operand: Scalar }
  | { type: 'binary'; operator: BinaryOperator; left: Scalar; right: Scalar }
  | { type: 'conditional'; test: Scalar; yes: Scalar; no: Scalar }
  | { type: 'in'; operand: Scalar; options: Scalar[] }
  | { type: 'between'; operand: Scalar; low: Scalar; high: Scalar }
  | { type: 'like'; operand: Scalar; pattern: Scalar; escapeBy: string | undefined }
  | { type: 'call'; name: string; args: Scalar[] }
  | { type: 'aggregate'; name: Aggregate; operand: Scalar }
  | { type: 'array'; items: Scalar[] }
  | { type: 'object'; properties: { key: string; value: Scalar }[] }
  | { type: 'subquery'; kind: 'EXISTS' | 'ARRAY' | 'SCALAR'; query: Query }

export type Projection =
  | { type: 'all' }
  | { type: 'value'; value: Scalar }
  | { type: 'list'; items: { key: string; value: Scalar }[] }

/** One input set: a value by its path, or for IN each element of the array found there. */
export interface Source {
  alias: string
  path: Scalar
  each: boolean
}

export interface Query {
  distinct: boolean
  top: Scalar | undefined
  select: Projection
  from: Source[]
  where: Scalar | undefined
  groupBy: Scalar[]
  orderBy: { value: Scalar; descending: boolean }[]
  offset: Scalar | undefined
  limit: Scalar | undefined
}

/** The children of an expression, not those of its subqueries. */
export function children(scalar: Scalar): Scalar[] {
  switch (scalar.type) {
    case 'constant':
    case 'undefined':
    case 'parameter':
    case 'placeholder':
    case 'alias':
    case 'subquery':
      return []
    case 'member':
      return [scalar.target, scalar.key]
    case 'unary':
    case 'aggregate':
      return [scalar.operand]
    case 'binary':
      return [scalar.left, scalar.right]
    case 'conditional':
      return [scalar.test, scalar.yes, scalar.no]
    case 'in':
      return [scalar.operand, ...scalar.options]
    case 'between':
      return [scalar.operand, scalar.low, scalar.high]
    case 'like':
      return [scalar.operand, scalar.pattern]
    case 'call':
      return scalar.args
    case 'array':
      return scalar.items
    case 'object':
      return scalar.properties.map(property => property.value)
  }
}

/** Property names from an alias down, such as ['c', 'price', 'net']; undefined for any other expression. */
export function propertyPath(scalar: Scalar): string[] | undefined {
  if (scalar.type === 'alias') return [scalar.name]
  if (scalar.type !== 'member' || scalar.key.type !== 'constant') return undefined
  const target = propertyPath(scalar.target)
  const key = scalar.key.value
  return target && (typeof key === 'string' || typeof key === 'number') ? [...target, String(key)] : undefined
}

/** The name that a value has in a SELECT list or as a source without an alias. */
export function impliedName(value: Scalar): string | undefined {
  if (value.type === 'alias') return value.name
  if (value.type === 'member' && value.key.type === 'constant' && typeof value.key.value === 'string') {
    return value.key.value
  }
  return undefined
}
