import { badRequest } from '../../errors.ts'
import type { Json, Value } from '../../json.ts'
import type { Query, Scalar, Source } from './ast.ts'
import { checkQuery, hasAggregate, selectedValues } from './check-query.ts'
import { compileScalar, type Environment, type Evaluate, objectOf, type Scope } from './compile-scalar.ts'
import { Groups } from './groups.ts'
import { unique } from './unique.ts'
import { order } from './values.ts'

const MAX_COUNT = 2147483647

/** Rows that depend on one document alone; those without the ones before; sorted ones; those of groups. */
type Shape = 'stream' | 'distinct' | 'order' | 'group'

interface OrderedRow {
  keys: Value[]
  row: Json
}

export interface CompiledQuery {
  shape: Shape
  distinct: boolean
  /** Whether it reads documents at all: without FROM it computes its one row from nothing. */
  readsItems: boolean
  /** Whether a direction of ORDER BY is descending. */
  descends: boolean
  offset: number
  limit: number
  /** Of the shapes 'stream' and 'distinct'. */
  rows(document: Json): Json[]
  /** Of the shape 'order', not sorted yet. */
  orderedRows(document: Json): OrderedRow[]
  compareKeys(a: readonly Value[], b: readonly Value[]): number
  /** Of the shape 'group'. `add` tells how many rows of the document are in a group now. */
  groups(): { add(document: Json): number; rows(): { name: string; row: Json }[] }
  /** The rows of all documents together, before OFFSET, LIMIT and TOP. */
  allRows(documents: Iterable<Json>): Json[]
}

/** @throws CosmosError 400 for a query that Azure would not accept */
export function compileQuery(query: Query, parameters: ReadonlyMap<string, Json>): CompiledQuery {
  const environment: Environment = { slots: new Map(), parameters, aggregates: undefined, compileSubquery }
  const select = compileSelect(query, environment)
  const bind = (document: Json) => select.bind({ values: [document], aggregates: [] })
  return {
    shape: select.shape,
    distinct: query.distinct,
    readsItems: query.from.length > 0,
    descends: query.orderBy.some(item => item.descending),
    ...range(query, environment),
    rows: document => projected(select, bind(document)),
    orderedRows: document => ordered(select, bind(document)),
    compareKeys: select.compareKeys,
    groups: () => {
      const groups = select.groups()
      const add = (document: Json): number => {
        let rows = 0
        for (const scope of bind(document)) {
          rows += 1
          groups.add(scope)
        }
        return rows
      }
      return { add, rows: () => groups.rows() }
    },
    allRows: documents =>
      finish(
        select,
        (function* () {
          for (const document of documents) yield* bind(document)
        })(),
      ),
  }
}

interface Select {
  shape: Shape
  distinct: boolean
  /** Each combination of input values that fulfils the WHERE, one after the other in the same scope. */
  bind(scope: Scope): Generator<Scope>
  project: Evaluate
  keysOf(scope: Scope): Value[]
  compareKeys(a: readonly Value[], b: readonly Value[]): number
  groups(): Groups
}

function compileSubquery(query: Query, outer: Environment): (scope: Scope) => Json[] {
  const select = compileSelect(query, outer)
  const { offset, limit } = range(query, outer)
  return scope => {
    const inner = { values: [...scope.values], aggregates: [] }
    return finish(select, select.bind(inner)).slice(offset, offset + limit)
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
  const orders = query.orderBy.map(item => compileScalar(item.value, inner))

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

  return {
    shape: shapeOf(query, aggregates.length > 0),
    distinct: query.distinct,
    bind,
    project,
    keysOf: scope => orders.map(order => order(scope)),
    compareKeys: (a, b) => {
      for (const [at, { descending }] of query.orderBy.entries()) {
        const compared = order(a[at], b[at])
        if (compared !== 0) return descending ? -compared : compared
      }
      return 0
    },
    groups: () => new Groups({ keys, aggregates, project }),
  }
}

function shapeOf(query: Query, aggregated: boolean): Shape {
  if (aggregated || query.groupBy.length > 0) return 'group'
  if (query.orderBy.length > 0) return 'order'
  return query.distinct ? 'distinct' : 'stream'
}

/** All rows at once, in their order, each once if the query is distinct. */
function finish(select: Select, scopes: Iterable<Scope>): Json[] {
  const rows = finishedRows(select, scopes)
  return select.distinct ? unique(rows, row => row) : rows
}

function finishedRows(select: Select, scopes: Iterable<Scope>): Json[] {
  switch (select.shape) {
    case 'group': {
      const groups = select.groups()
      for (const scope of scopes) groups.add(scope)
      return groups.rows().map(({ row }) => row)
    }
    case 'order':
      return ordered(select, scopes)
        .sort((a, b) => select.compareKeys(a.keys, b.keys))
        .map(({ row }) => row)
    case 'stream':
    case 'distinct':
      return projected(select, scopes)
  }
}

function projected(select: Select, scopes: Iterable<Scope>): Json[] {
  const rows: Json[] = []
  for (const scope of scopes) {
    const row = select.project(scope)
    if (row !== undefined) rows.push(row)
  }
  return rows
}

function ordered(select: Select, scopes: Iterable<Scope>): OrderedRow[] {
  const rows: OrderedRow[] = []
  for (const scope of scopes) {
    const row = select.project(scope)
    if (row !== undefined) rows.push({ keys: select.keysOf(scope), row })
  }
  return rows
}

function compileSource(source: Source, root: boolean, environment: Environment): (scope: Scope) => Value[] {
  // At the top the first name means the container, whatever it is called; a subquery there names it itself.
  const subquery = source.path.type === 'subquery'
  if (root && source.path.type === 'subquery') checkDerived(source.path.query)
  const slots = root ? new Map(subquery ? [] : [[firstName(source.path), 0]]) : environment.slots
  const path = compileScalar(source.path, { ...environment, slots })
  return scope => {
    const value = path(scope)
    if (source.each) return Array.isArray(value) ? value : []
    return value === undefined ? [] : [value]
  }
}

// It is computed for each document by itself, which is all the same unless it looks at several.
function checkDerived({ distinct, top, offset, orderBy, groupBy, ...query }: Query): void {
  const aggregated = selectedValues({ distinct, top, offset, orderBy, groupBy, ...query }).some(hasAggregate)
  if (!distinct && !top && !offset && orderBy.length === 0 && groupBy.length === 0 && !aggregated) return
  throw badRequest('A subquery over the container in FROM cannot aggregate, order or limit in the local server.')
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

function range(query: Query, environment: Environment): { offset: number; limit: number } {
  const number = (name: string, scalar: Query['top'], most = MAX_COUNT): number | undefined => {
    if (!scalar) return undefined
    const value = compileScalar(scalar, environment)({ values: [], aggregates: [] })
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most) return value
    throw badRequest(`The value of ${name} must be an integer from 0 to ${most}: it is ${JSON.stringify(value)}.`)
  }
  const limit = number('TOP', query.top) ?? number('LIMIT', query.limit, 2 * MAX_COUNT) ?? Number.POSITIVE_INFINITY
  return { offset: number('OFFSET', query.offset) ?? 0, limit }
}
