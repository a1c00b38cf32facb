import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../local/project-root.ts'
import { type MemoryPorts, memoryPorts } from '../shared/adapters/memory/ports.ts'
import type { Jobs } from '../shared/runs/stage.ts'
import type { Run } from '../shared/schemas/run.ts'
import { parseTrainingSettings } from '../shared/schemas/settings.ts'
import { trainingOptions } from '../shared/training/options.ts'
import { drop, jobsWith, runJob } from '../tests/memory-shop.ts'
import { type Timed, timed } from './interleave.ts'
import { type Bench, compared, lone } from './report.ts'
import { fourDigits, quantile } from './spread.ts'

const weekMs = 7 * 86_400_000
const windowMs = 6 * 3_600_000
/** Nothing but the end of the bench asks for a fit. */
const settings = {
  REFIT_AFTER_DAYS: '365',
  REFIT_INTERACTIONS_SHARE: '1',
  REFIT_ITEMS_SHARE: '1',
  REFIT_OVERLAP_MIN: '0',
}

/**
 * The last week of the sample shop's orders, six hours at a time added to the model before, against fitting anew; and the
 * certificate of the fit that ends the week.
 */
export const incrementBench: Bench = async step => {
  const { header, windows } = ordersByWindow()
  const from = (windows.at(-1)?.at ?? 0) - weekMs
  const memory = memoryPorts({ now: from })
  const ports = { ...memory, clock: () => memory.clock() + performance.now() }
  const all = jobsWith(trainingOptions(parseTrainingSettings(settings)))
  for (const kind of ['products', 'customers']) await drop(ports, `${kind}/all.csv`, linesOf(kind))
  await land(ports, 'before', [header, ...windows.filter(({ at }) => at < from).flatMap(({ lines }) => lines)])
  step('The first fit')
  await refreshed(ports, all, { refit: false })

  const increments: Timed<Run>[] = []
  const week = windows.filter(({ at }) => at >= from)
  for (const { at, lines } of week) {
    step(`Orders of six hours from ${new Date(at).toISOString()}`)
    ports.advance(Math.max(0, at + windowMs - memory.clock()))
    await land(ports, String(at), [header, ...lines])
    increments.push(await refreshed(ports, all, { refit: false }))
  }
  step('The fit that ends the week')
  // Once: a second fit would find everything published.
  const fit = await refreshed(ports, all, { refit: true })
  const daily = increments.filter(({ result }) => metricOf(result, 'neighbours', 'items') > 0)
  const hourly = increments.filter(increment => !daily.includes(increment))
  const peers = { full_fit: runsOf([fit]) }
  return [
    compared('six hours of orders added to the model, lists of those who came', {
      ...{ peers, sidecart: runsOf(hourly) },
      quality: {
        increments: hourly.length,
        order_lines: median(week.map(({ lines }) => lines.length)),
        ...made(hourly),
        items_folded_in_by_the_end: metricOf(increments.at(-1)?.result, 'fold-in', 'items_folded'),
      },
    }),
    compared('once a day, all lists and neighbours', {
      ...{ peers, sidecart: runsOf(daily), quality: made(daily) },
    }),
    lone('the fit that ends the week', {
      ...{ values: peers.full_fit.ms, unit: 'ms' },
      quality: { ...made([fit]), ...certificateOf(fit.result, increments.at(-1)?.result) },
    }),
  ]
}

const median = (values: readonly number[]) => quantile(values, 0.5)

/** Medians of what refreshes made and wrote. */
function made(of: readonly Timed<Run>[]): Record<string, number> {
  return {
    lists_made: median(of.map(({ result }) => metricOf(result, 'user-lists', 'users'))),
    documents_written: median(of.map(({ result }) => metricOf(result, 'publish', 'written'))),
  }
}

/** How folded-in vectors agree with those of the fit, and how the last increment's did with folding in anew. */
function certificateOf(fit: Run | undefined, increment: Run | undefined): Record<string, number> {
  const names = ['folded_cosine', 'folded_overlap', 'fitted_cosine', 'fitted_overlap'] as const
  const figures = names.map(name => [name, fourDigits(metricOf(fit, 'certificate', name))])
  return {
    ...Object.fromEntries(figures),
    refolded_overlap_before: fourDigits(metricOf(increment, 'certificate', 'refolded_overlap')),
  }
}

async function refreshed(ports: MemoryPorts, of: Jobs, options: { refit: boolean }): Promise<Timed<Run>> {
  const refresh = await timed(() => runJob('refresh', ports, of, options))
  if (refresh.result.status !== 'completed') throw new Error(`The refresh failed: ${refresh.result.error}`)
  return refresh
}

const runsOf = (of: readonly Timed<Run>[]) => ({ ms: of.map(({ ms }) => ms), cpuMs: of.map(({ cpuMs }) => cpuMs) })

async function land(ports: MemoryPorts, name: string, lines: readonly string[]): Promise<void> {
  await drop(ports, `orders/${name}.csv`, lines)
  await runJob('lake', ports)
}

/** The sample shop's order lines by windows of six hours, oldest first. */
function ordersByWindow() {
  const [header = '', ...lines] = linesOf('orders')
  const column = header.split(',').indexOf('ordered_at')
  const windowOf = (line: string) => Math.floor(Date.parse(line.split(',')[column] ?? '') / windowMs) * windowMs
  const windows = [...Map.groupBy(lines, windowOf)].map(([at, its]) => ({ at, lines: its }))
  return { header, windows: windows.sort((a, b) => a.at - b.at) }
}

const linesOf = (kind: string): string[] =>
  readFileSync(join(projectRoot, `data/${kind}.csv`), 'utf8')
    .trimEnd()
    .split('\n')

function metricOf(run: Run | undefined, stage: string, metric: string): number {
  return run?.stages.find(({ name }) => name === stage)?.metrics?.[metric] ?? Number.NaN
}
