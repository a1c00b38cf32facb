import { pathSegments } from '../../containers/partition-key.ts'
import type { Json } from '../../json.ts'
import { propertyPath, type Query, type Scalar } from './ast.ts'

const MAX_KEYS = 1000

export interface Narrowing {
  /** The only ids the query can match. */
  ids: string[] | undefined
  /** The only partition keys it can match, or of hierarchical ones the first values of them. */
  keys: Json[][] | undefined
  /** It can match nothing that was changed before this second since 1970. */
  since: number | undefined
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
  return { ids, keys: named === 0 ? undefined : keys, since: changedSince(query, parameters), single }
}

/** The bound of a `c._ts >= second` that WHERE demands; `>` matches less than what is read by it. */
function changedSince(query: Query, parameters: ReadonlyMap<string, Json>): number | undefined {
  const root = query.from[0]
  if (root?.path.type !== 'alias' || root.each) return undefined
  const bounds = conjunction(query.where).flatMap(part => {
    if (part.type !== 'binary' || (part.operator !== '>=' && part.operator !== '>')) return []
    const path = propertyPath(part.left)
    const bound = constantOf(part.right, parameters)
    return path?.length === 2 && path[0] === root.alias && path[1] === '_ts' && typeof bound === 'number' ? [bound] : []
  })
  return bounds.length === 0 ? undefined : Math.max(...bounds)
}

function constantOf(scalar: Scalar, parameters: ReadonlyMap<string, Json>): Json | undefined {
  return scalar.type === 'constant'
    ? scalar.value
    : scalar.type === 'parameter'
      ? parameters.get(scalar.name)
      : undefined
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
  const constant = (scalar: Scalar) => constantOf(scalar, parameters)
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
