import { impliedName, type Projection, type Query, type Scalar, type Source } from './ast.ts'

/** The query as text that reads the same: everything but property paths in brackets, clauses on lines of their own. */
export function printQuery(query: Query): string {
  const { from, where, groupBy, orderBy, offset, limit } = query
  return [
    `SELECT ${query.distinct ? 'DISTINCT ' : ''}${query.top ? `TOP ${print(query.top)} ` : ''}${projection(query.select)}`,
    ...(from.length > 0 ? [`FROM ${from.map(source).join(' JOIN ')}`] : []),
    ...(where ? [`WHERE ${print(where)}`] : []),
    ...(groupBy.length > 0 ? [`GROUP BY ${groupBy.map(print).join(', ')}`] : []),
    ...(orderBy.length > 0
      ? [`ORDER BY ${orderBy.map(item => print(item.value) + (item.descending ? ' DESC' : '')).join(', ')}`]
      : []),
    ...(offset && limit ? [`OFFSET ${print(offset)} LIMIT ${print(limit)}`] : []),
  ].join('\n')
}

export function print(scalar: Scalar): string {
  switch (scalar.type) {
    case 'constant':
      return JSON.stringify(scalar.value)
    case 'undefined':
      return 'undefined'
    case 'parameter':
    case 'alias':
    case 'placeholder':
      return scalar.name
    case 'member':
      return member(scalar)
    case 'call':
    case 'aggregate':
      return `${scalar.name}(${scalar.type === 'call' ? list(scalar.args) : print(scalar.operand)})`
    case 'array':
      return `[${list(scalar.items)}]`
    case 'object':
      return `{${scalar.properties.map(({ key, value }) => `${JSON.stringify(key)}: ${print(value)}`).join(', ')}}`
    case 'subquery':
      return `${scalar.kind === 'SCALAR' ? '' : scalar.kind}(${printQuery(scalar.query)})`
    default:
      return `(${operation(scalar)})`
  }
}

type Operation = Extract<Scalar, { type: 'unary' | 'binary' | 'conditional' | 'in' | 'between' | 'like' }>

function operation(scalar: Operation): string {
  switch (scalar.type) {
    case 'unary':
      return `${scalar.operator} ${print(scalar.operand)}`
    case 'binary':
      return `${print(scalar.left)} ${scalar.operator} ${print(scalar.right)}`
    case 'conditional':
      return `${print(scalar.test)} ? ${print(scalar.yes)} : ${print(scalar.no)}`
    case 'in':
      return `${print(scalar.operand)} IN (${list(scalar.options)})`
    case 'between':
      return `${print(scalar.operand)} BETWEEN ${print(scalar.low)} AND ${print(scalar.high)}`
    case 'like': {
      const escapeBy = scalar.escapeBy === undefined ? '' : ` ESCAPE ${JSON.stringify(scalar.escapeBy)}`
      return `${print(scalar.operand)} LIKE ${print(scalar.pattern)}${escapeBy}`
    }
  }
}

function member({ target, key }: Extract<Scalar, { type: 'member' }>): string {
  const plain = key.type === 'constant' && typeof key.value === 'string' && /^[A-Za-z_]\w*$/.test(key.value)
  return `${print(target)}${plain ? `.${key.value}` : `[${print(key)}]`}`
}

function list(scalars: readonly Scalar[]): string {
  return scalars.map(print).join(', ')
}

function projection(select: Projection): string {
  switch (select.type) {
    case 'all':
      return '*'
    case 'value':
      return `VALUE ${print(select.value)}`
    case 'list':
      return select.items.map(aliased).join(', ')
  }
}

// A name that a value has by itself is not written; one that the service gave, such as $1, is what it gives again.
function aliased({ key, value }: { key: string; value: Scalar }): string {
  const ownName = impliedName(value)
  const named = ownName === key || (ownName === undefined && /^\$\d+$/.test(key))
  return named ? print(value) : `${print(value)} AS ${key}`
}

function source({ alias, path, each }: Source): string {
  if (path.type === 'subquery') return `(${printQuery(path.query)}) AS ${alias}`
  if (each) return `${alias} IN ${print(path)}`
  const text = print(path)
  return text === alias ? text : `${text} AS ${alias}`
}
