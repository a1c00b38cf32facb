import type { Json, Value } from '../../json.ts'
import { aggregator } from './aggregates.ts'
import type { Aggregate } from './ast.ts'
import type { Evaluate, Scope } from './compile-scalar.ts'
import { canonical } from './values.ts'

interface GroupedRow {
  /** One text for equal keys of GROUP BY. */
  name: string
  row: Json
}

/** Gathers rows by the keys of GROUP BY; without keys all of them, even none, are one group. */
export class Groups {
  readonly #keys: readonly Evaluate[]
  readonly #aggregates: readonly { name: Aggregate; operand: Evaluate }[]
  readonly #project: Evaluate
  readonly #found = new Map<string, { values: Value[]; aggregators: ReturnType<typeof aggregator>[] }>()

  constructor(options: {
    keys: readonly Evaluate[]
    aggregates: readonly { name: Aggregate; operand: Evaluate }[]
    project: Evaluate
  }) {
    this.#keys = options.keys
    this.#aggregates = options.aggregates
    this.#project = options.project
    if (options.keys.length === 0) this.#start('', [])
  }

  add(scope: Scope): void {
    const name = this.#keys.map(key => canonical(key(scope))).join()
    const group = this.#found.get(name) ?? this.#start(name, [...scope.values])
    for (const [at, { operand }] of this.#aggregates.entries()) group.aggregators[at]?.add(operand(scope))
  }

  /** In the order in which the groups were first seen. */
  rows(): GroupedRow[] {
    const rows: GroupedRow[] = []
    for (const [name, { values, aggregators }] of this.#found) {
      const row = this.#project({ values, aggregates: aggregators.map(each => each.result()) })
      if (row !== undefined) rows.push({ name, row })
    }
    return rows
  }

  #start(name: string, values: Value[]) {
    const group = { values, aggregators: this.#aggregates.map(each => aggregator(each.name)) }
    this.#found.set(name, group)
    return group
  }
}
