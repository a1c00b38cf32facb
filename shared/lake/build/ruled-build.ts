import type { Table } from '../tables/table.ts'

/** What rows of a table must be; the first rule that does not hold sends a row to quarantine. */
export interface Rule {
  name: string
  /** `reference`: a row that breaks it waits in quarantine, and is looked at again. The others are final. */
  kind: 'null' | 'range' | 'enum' | 'format' | 'reference'
  /** The column as bronze has it. */
  column: string
  /** SQL over the columns of the received rows; null counts as broken. */
  check: string
  /** What the value must be, for people. */
  reason: string
}

/** Rules that stand behind those of every table. */
export const standingRules = [
  { name: 'duplicate', reason: 'must not be there already: the first one counts' },
  { name: 'superseded', reason: 'must be the newest of its key: a later one counts' },
] as const

/** A table of silver that is made of bronze by rules. */
export interface RuledBuild {
  table: Table
  /** Tables of bronze: each of their rows is a row of the table, or in quarantine. */
  sources: readonly Table[]
  /** Tables of silver that the query looks things up in; without rows they count as not delivered. */
  references: readonly Table[]
  rules: readonly Rule[]
  /**
   * A column: of rows with the same value the first in the order of bronze is kept. `merged`: a second query tells of
   * each row that keeps the rules whether it is in the table, or why not.
   */
  key: string | 'merged'
  /** SQL to be run before the query: macros. */
  prelude: string
}

export const waitingRules = ({ rules }: RuledBuild): Rule[] => rules.filter(({ kind }) => kind === 'reference')
export const finalRules = ({ rules }: RuledBuild): Rule[] => rules.filter(({ kind }) => kind !== 'reference')
