import { type Expression, type Named, parseKql, type Query } from './parse-kql.ts'

export type Row = Readonly<Record<string, unknown>>
type Columns = Readonly<Record<string, 'datetime' | 'string' | 'real' | 'long' | 'dynamic'>>

/** Tables of Application Insights and the columns of them that queries may use. Source: the data model's reference. */
const tables: Readonly<Record<string, Columns>> = {
  requests: {
    ...{ timestamp: 'datetime', name: 'string', url: 'string', success: 'string', resultCode: 'string' },
    ...{ duration: 'real', itemCount: 'long', operation_Id: 'string' },
  },
  traces: { timestamp: 'datetime', message: 'string', severityLevel: 'long', customDimensions: 'dynamic' },
  customMetrics: {
    ...{ timestamp: 'datetime', name: 'string', customDimensions: 'dynamic', value: 'real' },
    ...{ valueCount: 'long', valueSum: 'real', valueMin: 'real', valueMax: 'real' },
  },
}

interface Scope {
  now: number
  row: Row
  /** Of a group, for aggregates. */
  rows: readonly Row[]
}
type Call = (args: readonly Expression[], scope: Scope) => unknown

const scalar =
  (compute: (...values: never[]) => unknown): Call =>
  (args, scope) =>
    compute(...(args.map(arg => evaluated(arg, scope)) as never[]))
const each = (arg: Expression | undefined, { now, rows }: Scope): unknown[] =>
  rows.map(row => (arg ? evaluated(arg, { now, row, rows: [row] }) : undefined))
const sum = (values: readonly unknown[]) => values.reduce<number>((total, value) => total + Number(value), 0)

const calls: Readonly<Record<string, Call>> = {
  ago: ([span], scope) => scope.now - Number(span && evaluated(span, scope)),
  isnotempty: scalar((value?: string) => value !== undefined && value !== ''),
  parse_json: scalar((text: string) => JSON.parse(text)),
  tostring: scalar((value: unknown) => (value === undefined || value === null ? '' : String(value))),
  toint: scalar((value: string) => (Number.isInteger(Number(value)) ? Number(value) : undefined)),
  todouble: scalar(Number),
  iff: scalar((condition: boolean, yes: unknown, no: unknown) => (condition ? yes : no)),
  count: (_, { rows }) => rows.length,
  sum: ([value], scope) => sum(each(value, scope)),
  sumif: ([value, condition], scope) => {
    const holds = each(condition, scope)
    return sum(each(value, scope).filter((_, index) => holds[index] === true))
  },
  percentilew: ([value, weight, percent], scope) => {
    const weights = each(weight, scope).map(Number)
    const sorted = each(value, scope)
      .map((of, index) => ({ of: Number(of), weight: weights[index] ?? 0 }))
      .sort((a, b) => a.of - b.of)
    let left = (sum(weights) * Number(percent && evaluated(percent, scope))) / 100
    return sorted.find(({ weight: of }) => {
      left -= of
      return left <= 0
    })?.of
  },
}

const binaries: Readonly<Record<string, (left: never, right: never) => unknown>> = {
  or: (left: boolean, right: boolean) => left || right,
  and: (left: boolean, right: boolean) => left && right,
  '==': (left: unknown, right: unknown) => left === right,
  '!=': (left: unknown, right: unknown) => left !== right,
  '>=': (left: number, right: number) => left >= right,
  '<=': (left: number, right: number) => left <= right,
  '>': (left: number, right: number) => left > right,
  '<': (left: number, right: number) => left < right,
  '+': (left: number, right: number) => left + right,
  '-': (left: number, right: number) => left - right,
  '*': (left: number, right: number) => left * right,
  '/': (left: number, right: number) => left / right,
  has: (left: string, right: string) => new RegExp(`(^|[^a-z0-9])${right}($|[^a-z0-9])`, 'i').test(left),
}

function evaluated(expression: Expression, scope: Scope): unknown {
  switch (expression.type) {
    case 'value':
      return expression.value
    case 'column':
      if (expression.name in scope.row) return scope.row[expression.name]
      throw new RangeError(`There is no column ${expression.name}`)
    case 'property': {
      const of = evaluated(expression.of, scope)
      return typeof of === 'object' && of !== null ? Reflect.get(of, expression.name) : undefined
    }
    case 'in':
      return expression.values.some(value => evaluated(value, scope) === evaluated(expression.left, scope))
    case 'call': {
      const call = calls[expression.name]
      if (call) return call(expression.args, scope)
      throw new RangeError(`There is no function ${expression.name}`)
    }
    case 'binary': {
      const { operator, left, right } = expression
      return binaries[operator]?.(evaluated(left, scope) as never, evaluated(right, scope) as never)
    }
  }
}

const columnsOf = (columns: readonly Named[], scope: Scope): Row =>
  Object.fromEntries(columns.map(({ name, expression }) => [name, evaluated(expression, scope)]))

/**
 * What a query in the alerts' part of KQL gives over tables at hand, at a moment. A column that is none is found out
 * by the first row.
 * @throws RangeError for tables, columns and functions that are not known
 */
export function runKql(text: string, data: Readonly<Record<string, readonly Row[]>>, now: number): Row[] {
  return run(parseKql(text), data, now)
}

function run({ source, operators }: Query, data: Readonly<Record<string, readonly Row[]>>, now: number): Row[] {
  let rows = 'union' in source ? source.union.flatMap(query => run(query, data, now)) : tableOf(source.table, data)
  for (const operator of operators) {
    const scopes = rows.map(row => ({ now, row, rows: [row] }))
    if (operator.type === 'where') {
      rows = rows.filter((_, index) => {
        const scope = scopes[index]
        return scope !== undefined && evaluated(operator.condition, scope) === true
      })
    } else if (operator.type === 'summarize') {
      // Without `by` there is one row whatever there is: a count of nothing is 0.
      const groups = operator.by.length === 0 ? [rows] : grouped(rows, operator.by, now)
      rows = groups.map(group => {
        const scope = { now, row: group[0] ?? {}, rows: group }
        return { ...columnsOf(operator.by, scope), ...columnsOf(operator.columns, scope) }
      })
    } else {
      rows = scopes.map(scope => {
        return { ...(operator.type === 'extend' ? scope.row : {}), ...columnsOf(operator.columns, scope) }
      })
    }
  }
  return rows
}

function grouped(rows: readonly Row[], by: readonly Named[], now: number): Row[][] {
  const groups = Map.groupBy(rows, row => JSON.stringify(columnsOf(by, { now, row, rows: [row] })))
  return [...groups.values()]
}

function tableOf(name: string, data: Readonly<Record<string, readonly Row[]>>): Row[] {
  const columns = tables[name]
  if (!columns) throw new RangeError(`There is no table ${name}`)
  const empty = Object.fromEntries(Object.keys(columns).map(column => [column, undefined]))
  return (data[name] ?? []).map(row => ({ ...empty, ...row }))
}
