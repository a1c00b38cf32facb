import type { Json, Value } from '../../json.ts'
import type { Aggregate } from './ast.ts'
import { compare } from './values.ts'

/** Gathers the values of one group; values that are missing do not count. */
interface Aggregator {
  add(value: Value): void
  result(): Value
}

/**
 * SUM and AVG are undefined as soon as one value is not a number, MIN and MAX as soon as one is an array or an object.
 * Without any value COUNT and SUM are 0, the others undefined.
 */
export function aggregator(name: Aggregate): Aggregator {
  switch (name) {
    case 'COUNT':
      return count()
    case 'SUM':
      return sum(total => total)
    case 'AVG':
      return sum((total, values) => (values === 0 ? undefined : total / values))
    case 'MIN':
      return extreme(-1)
    case 'MAX':
      return extreme(1)
  }
}

function count(): Aggregator {
  let values = 0
  return {
    add: value => {
      if (value !== undefined) values += 1
    },
    result: () => values,
  }
}

function sum(finish: (total: number, values: number) => Value): Aggregator {
  let total = 0
  let values = 0
  let valid = true
  return {
    add: value => {
      if (value === undefined) return
      if (typeof value === 'number') {
        total += value
        values += 1
      } else valid = false
    },
    result: () => (valid ? finish(total, values) : undefined),
  }
}

// Of several types the higher one in the order of ORDER BY wins MAX, the lower one MIN.
function extreme(sign: 1 | -1): Aggregator {
  let best: Value
  let valid = true
  return {
    add: value => {
      if (value === undefined) return
      if (typeof value === 'object' && value !== null) valid = false
      else if (best === undefined || sign * primitiveOrder(value, best) > 0) best = value
    },
    result: () => (valid ? best : undefined),
  }
}

function primitiveOrder(a: Json, b: Json): number {
  return compare(a, b) ?? typeRank(a) - typeRank(b)
}

function typeRank(value: Json): number {
  if (value === null) return 0
  return typeof value === 'boolean' ? 1 : typeof value === 'number' ? 2 : 3
}
