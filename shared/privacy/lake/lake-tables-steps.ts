import { eraseFromTable } from '../../lake/erase/erase-table.ts'
import { type ErasureRule, erasureRules } from '../../lake/erase/erasure-rules.ts'
import { guestPrefix } from '../../schemas/ids.ts'
import type { ErasedPerson, EraseStep } from '../erasure/erase-step.ts'

/** The tables of the lake, a container each: files that hold the person are written anew and are gone, with those of earlier versions. */
export const lakeTablesSteps: readonly EraseStep[] = [
  tablesStep('lake-bronze', 'files and events as received; orders stay as a guest’s', erasureRules.bronze),
  tablesStep('lake-gold', 'training tables, customers, lists as published; sales stay as a guest’s', erasureRules.gold),
  tablesStep('lake-silver', 'customers with history, events, sessions; sales stay as a guest’s', erasureRules.silver),
  tablesStep('lake-quarantine', 'rows that rules refused', erasureRules.quarantine),
]

function tablesStep(store: string, about: string, rules: readonly ErasureRule[]): EraseStep {
  return {
    store,
    about,
    erase: async (person, { ports, options, progress }) => {
      let found = 0
      for (const [index, rule] of rules.entries()) {
        const { rows, files } = await eraseFromTable(rule, inLake(person), options.lake.pseudonymKey, ports)
        // Of files of earlier versions rows are not counted.
        found += Math.max(rows, files)
        await progress((index + 1) / rules.length)
      }
      return { found, removed: found }
    },
  }
}

/** Events of a visitor have no user id, but the session's. */
const inLake = ({ ids }: ErasedPerson) => ({
  userIds: ids,
  sessionIds: ids.filter(id => id.startsWith(guestPrefix)).map(id => id.slice(guestPrefix.length)),
})
