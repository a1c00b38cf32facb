import { badRequest } from '../../errors.ts'
import type { Json, Value } from '../../json.ts'
import { aggregator } from './aggregates.ts'
import type { Query, Scalar, Source } from './ast.ts'
import { checkQuery } from './check-query.ts'
import { compileScalar, type Environment, type Evaluate, objectOf, type Scope } from './compile-scalar.ts'
import { canonical, order } from './values.ts'

export interface CompiledQuery {
  /** Whether the rows of a document depend on it alone, so that they can be computed page by page. */
  streaming: boolean
  /** Whether it reads documents at all: without FROM it computes its one row from nothing. */
  readsItems: boolean
  offset: number
  limit: number
  rows(document: Json): Json[]
  /** The rows of all documents together, before OFFSET, LIMIT and TOP; `matched` is told each document that has any. */
  allRows<T>(documents: Iterable<T>, options: { json(document: T): Json; matched(document: T): void }): Json[]
}

/** @throws CosmosError 400 for a query that Azure would not accept */
export function compileQuery(query: Query, parameters: ReadonlyMap<string, Json>): CompiledQuery {
  const environment: Environment = { slots: new Map(), parameters, aggregates: undefined, compileSubquery }
  const select = compileSelect(query, environment)
  const scopeOf = (document: Json): Scope => ({ values: [document], aggregates: [] })
  return {
    streaming: !select.grouped && !query.distinct && query.orderBy.length === 0,
    readsItems: query.from.length > 0,
    ...range(query, environment),
    rows: document => select.finish(select.bind(scopeOf(document))),
    allRows: (documents, { json, matched }) =>
      select.finish(
        (function* () {
          for (const document of documents) {
            let rows = 0
            for (const scope of select.bind(scopeOf(json(document)))) {
              rows += 1
              yield scope
            }
            if (rows > 0) matched(document)
          }
        })(),
      ),
  }
}

interface Select {
  grouped: boolean
  /** Each combination of input values that fulfils the WHERE, one after the other in the same scope. */
  bind(scope: Scope): Generator<Scope>
  finish(scopes: Iterable<Scope>): Json[]
}

function compileSubquery(query: Query, outer: Environment): (scope: Scope) => Json[] {
  const select = compileSelect(query, outer)
  const { offset, limit } = range(query, outer)
  return scope => {
    const inner = { values: [...scope.values], aggregates: [] }
    return select.finish(select.bind(inner)).slice(offset, offset + limit)
  }
}

// Slot 0 holds the document; the aliases of subqueries follow those of the queries around them.
function compileSelect(query: Query, outer: Environment): Select {
  checkQuery(query)
  const slots = new Map(outer.slots)
  const inner: Environment = { ...outer, slots, aggregates: undefined }
  let next = Math.max(0, ...outer.slots.values()) + 1
  const sources = query.from.map((source, at) => {
    const values = compileSource(source, at === 0 && outer.slots.size === 0, inner)
    slots.set(source.alias, next)
    next += 1
    return { slot: next - 1, values }
  })
  const where = query.where && compileScalar(query.where, inner)
  const aggregates: NonNullable<Environment['aggregates']> = []
  const project = compileProjection(query, { ...inner, aggregates })
  const keys = query.groupBy.map(key => compileScalar(key, inner))
  const orders = query.orderBy.map(item => ({ value: compileScalar(item.value, inner), descending: item.descending }))
  const grouped = keys.length > 0 || aggregates.length > 0

  function* bind(scope: Scope, at = 0): Generator<Scope> {
    const source = sources[at]
    if (!source) {
      if (!where || where(scope) === true) yield scope
      return
    }
    for (const value of source.values(scope)) {
      scope.values[source.slot] = value
      yield* bind(scope, at + 1)
    }
  }

  const finish = (scopes: Iterable<Scope>): Json[] => {
    if (grouped) return unique(groups(scopes, keys, aggregates, project))
    if (orders.length > 0) return unique(sorted(scopes, orders, project))
    const rows: Json[] = []
    for (const scope of scopes) {
      const row = project(scope)
      if (row !== undefined) rows.push(row)
    }
    return unique(rows)
  }

  function unique(rows: Json[]): Json[] {
    if (!query.distinct) return rows
    const seen = new Map<string, Json>()
    for (const row of rows) {
      const name = canonical(row)
      if (!seen.has(name)) seen.set(name, row)
    }
    return [...seen.values()]
  }

  return { grouped, bind, finish }
}

function compileSource(source: Source, root: boolean, environment: Environment): (scope: Scope) => Value[] {
  // At the top the first name means the container, whatever it is called.
  const slots = root ? new Map([[firstName(source.path), 0]]) : environment.slots
  const path = compileScalar(source.path, { ...environment, slots })
  return scope => {
    const value = path(scope)
    if (source.each) return Array.isArray(value) ? value : []
    return value === undefined ? [] : [value]
  }
}

function firstName(path: Scalar): string {
  if (path.type === 'member') return firstName(path.target)
  return path.type === 'alias' ? path.name : ''
}

function compileProjection(query: Query, environment: Environment): Evaluate {
  const { select, from } = query
  switch (select.type) {
    case 'all': {
      const slot = environment.slots.get(from[0]?.alias ?? '') ?? 0
      return scope => scope.values[slot]
    }
    case 'value':
      return compileScalar(select.value, environment)
    case 'list': {
      const items = select.items.map(({ key, value }) => ({ key, value: compileScalar(value, environment) }))
      return scope => objectOf(items, scope)
    }
  }
}

function groups(
  scopes: Iterable<Scope>,
  keys: readonly Evaluate[],
  aggregates: NonNullable<Environment['aggregates']>,
  project: Evaluate,
): Json[] {
  const start = (values: Value[]) => ({ values, aggregators: aggregates.map(({ name }) => aggregator(name)) })
  const found = new Map<string, ReturnType<typeof start>>()
  if (keys.length === 0) found.set('', start([]))
  for (const scope of scopes) {
    const name = keys.map(key => canonical(key(scope))).join()
    let group = found.get(name)
    if (!group) {
      group = start([...scope.values])
      found.set(name, group)
    }
    for (const [at, { operand }] of aggregates.entries()) group.aggregators[at]?.add(operand(scope))
  }
  const rows: Json[] = []
  for (const { values, aggregators } of found.values()) {
    const row = project({ values, aggregates: aggregators.map(each => each.result()) })
    if (row !== undefined) rows.push(row)
  }
  return rows
}

function sorted(
  scopes: Iterable<Scope>,
  orders: readonly { value: Evaluate; descending: boolean }[],
  project: Evaluate,
): Json[] {
  const rows: { keys: Value[]; row: Json }[] = []
  for (const scope of scopes) {
    const row = project(scope)
    if (row !== undefined) rows.push({ keys: orders.map(item => item.value(scope)), row })
  }
  rows.sort((a, b) => {
    for (const [at, { descending }] of orders.entries()) {
      const compared = order(a.keys[at], b.keys[at])
      if (compared !== 0) return descending ? -compared : compared
    }
    return 0
  })
  return rows.map(({ row }) => row)
}

function range(query: Query, environment: Environment): { offset: number; limit: number } {
  const number = (name: string, scalar: Query['top']): number | undefined => {
    if (!scalar) return undefined
    const value = compileScalar(scalar, environment)({ values: [], aggregates: [] })
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 2147483647) return value
    throw badRequest(`The value of ${name} must be an integer from 0 to 2147483647: it is ${JSON.stringify(value)}.`)
  }
  const limit = number('TOP', query.top) ?? number('LIMIT', query.limit) ?? Number.POSITIVE_INFINITY
  return { offset: number('OFFSET', query.offset) ?? 0, limit }
}
