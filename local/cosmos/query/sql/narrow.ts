import { pathSegments } from '../../containers/partition-key.ts'
import type { Json } from '../../json.ts'
import { propertyPath, type Query, type Scalar } from './ast.ts'

const MAX_KEYS = 1000

export interface Narrowing {
  /** The only ids the query can match. */
  ids: string[] | undefined
  /** The only partition keys it can match, or of hierarchical ones the first values of them. */
  keys: Json[][] | undefined
  /** Whether it can match a single partition key alone, given in full. */
  single: boolean
}

/** What the equalities that a query's WHERE demands say about the items it can match. */
export function narrowing(
  query: Query,
  parameters: ReadonlyMap<string, Json>,
  partitionKeyPaths: readonly string[],
): Narrowing {
  const found = new Map<string, Json[]>()
  const root = query.from[0]
  if (root?.path.type === 'alias' && !root.each) {
    for (const part of conjunction(query.where)) collect(part, root.alias, parameters, found)
  }
  const ids = found.get('id')?.filter(id => typeof id === 'string')
  let keys: Json[][] = [[]]
  let named = 0
  for (const path of partitionKeyPaths) {
    const values = found.get(pathSegments(path).join('/'))
    if (!values?.every(isPrimitive) || keys.length * values.length > MAX_KEYS) break
    keys = keys.flatMap(key => values.map(value => [...key, value]))
    named += 1
  }
  const single = keys.length === 1 && named === partitionKeyPaths.length
  return { ids, keys: named === 0 ? undefined : keys, single }
}

function isPrimitive(value: Json): boolean {
  return value === null || typeof value !== 'object'
}

function conjunction(where: Scalar | undefined): Scalar[] {
  if (!where) return []
  if (where.type !== 'binary' || where.operator !== 'AND') return [where]
  return [...conjunction(where.left), ...conjunction(where.right)]
}

function collect(part: Scalar, alias: string, parameters: ReadonlyMap<string, Json>, found: Map<string, Json[]>): void {
  const constant = (scalar: Scalar): Json | undefined =>
    scalar.type === 'constant' ? scalar.value : scalar.type === 'parameter' ? parameters.get(scalar.name) : undefined
  const note = (property: Scalar, options: readonly Scalar[]): void => {
    const path = propertyPath(property)
    const values = options.map(constant).filter(value => value !== undefined)
    if (path?.[0] !== alias || path.length < 2 || values.length !== options.length) return
    const name = path.slice(1).join('/')
    if (!found.has(name)) found.set(name, values)
  }
  if (part.type === 'in') note(part.operand, part.options)
  if (part.type === 'binary' && part.operator === '=') {
    note(part.left, [part.right])
    note(part.right, [part.left])
  }
}
