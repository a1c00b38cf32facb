import { prices } from '../shared/schemas/prices.ts'
import type { Run } from '../shared/schemas/run.ts'
import { type BenchResult, lone } from './report.ts'
import { fourDigits } from './spread.ts'

/** Amounts by name; those that end in _s are seconds. */
export type Figures = Readonly<Record<string, number>>

const { cosmos, flex, storage } = prices
const instanceGb = 2

/** One case for the whole run and one for each section: seconds by what they went to, and what was used up meanwhile. */
export function refreshReport(
  name: string,
  of: { run: Run; spent: ReadonlyMap<string, Figures>; used: ReadonlyMap<string, Figures>; peakMemoryMb: number },
): BenchResult[] {
  const sections = [...of.spent].map(([section, spent]) => ({ section, spent, used: of.used.get(section) ?? {} }))
  const spent = sections.map(each => each.spent).reduce(plus, {})
  const used = sections.map(each => each.used).reduce(plus, {})
  const stateOf = (section: string) => of.run.stages.find(stage => stage.name === section)
  return [
    lone(`${name}: whole run`, {
      ...{ values: [total(spent)], unit: 's' },
      quality: rounded({ ...waits(spent), ...used, peak_memory_mb: of.peakMemoryMb, ...dollars(total(spent), used) }),
    }),
    ...sections.map(each =>
      lone(`${name}: ${each.section}`, {
        ...{ values: [total(each.spent)], unit: 's' },
        quality: rounded({ ...counts(stateOf(each.section)), ...waits(each.spent), ...each.used }),
      }),
    ),
  ]
}

export function plus(one: Figures, other: Figures): Figures {
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  return Object.fromEntries([...names].map(name => [name, (one[name] ?? 0) + (other[name] ?? 0)]))
}

/** What the figures grew by. */
export function minus(later: Figures, earlier: Figures): Figures {
  return Object.fromEntries(Object.entries(later).map(([name, value]) => [name, value - (earlier[name] ?? 0)]))
}

function total(spent: Figures): number {
  return Object.values(spent).reduce((seconds, each) => seconds + each, 0)
}

function waits(spent: Figures): Figures {
  return Object.fromEntries(Object.entries(spent).map(([what, seconds]) => [`${what}_s`, seconds]))
}

/** The run's own counts, beside how many chunks it took. Its request units leave out those of the ledger. */
function counts(stage: Run['stages'][number] | undefined): Figures {
  return stage ? { chunks: stage.chunks ?? 0, ...stage.metrics } : {}
}

function dollars(seconds: number, used: Figures): Figures {
  const parts = {
    dollars_request_units: ((used.request_units ?? 0) / 1e6) * cosmos.serverlessMillionRequestUnits,
    dollars_compute: seconds * instanceGb * flex.onDemand.gbSecond,
    dollars_blobs:
      ((used.blob_writes ?? 0) / 1e4) * storage.Standard_LRS.tenThousandWrites +
      ((used.blob_reads ?? 0) / 1e4) * storage.Standard_LRS.tenThousandReads,
  }
  return { ...parts, dollars: total(parts) }
}

function rounded(figures: Figures): Record<string, number> {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, fourDigits(value)]))
}
