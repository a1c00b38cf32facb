import type { Documents } from '../../ports.ts'
import { collections } from '../../schemas/collections.ts'
import { hoursAMonth } from '../../schemas/prices.ts'
import type { Usage } from '../../schemas/usage.ts'
import { appsOf, type Deployment } from './deployments.ts'
import { measured } from './measured.ts'
import type { MonthUse } from './month-use.ts'
import { type Line, pricedLines, totalOf } from './priced-lines.ts'
import { allOf, noUsage, plusUsage, timesUsage } from './usage.ts'
import { dayOf } from './usage-meter.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000
/** What a month will be goes by the days before, so that a week's rhythm is in it. */
const rateDays = 7

/** What this month has used and cost, and what it will have if it goes on so. */
export interface MonthCost {
  /** From when what is paid by the hour counts: the month's first moment, or the first day anything was used. */
  since: number
  until: number
  usage: Usage
  lines: Line[]
  dollars: number
  forecast: { lines: Line[]; dollars: number; lists: number }
}

/** Costs of the month of a moment (UTC), by what instances have written of their use. */
export async function monthCost(
  now: number,
  deployment: Deployment,
  documents: Pick<Documents, 'readAll'>,
): Promise<MonthCost> {
  const { start, end } = monthOf(now)
  const today = now - (now % dayMs)
  const earliest = Math.min(start, today - (rateDays - 1) * dayMs)
  const days = Array.from({ length: (today - earliest) / dayMs + 1 }, (_, index) => earliest + index * dayMs)
  const keys = days.map(day => ({ id: dayOf(day), partition: dayOf(day) }))
  const found = (await documents.readAll(collections.usageDays, keys)).flatMap((each, index) =>
    each ? [{ day: days[index]!, usage: each.document.usage }] : [],
  )
  const first = found[0]?.day ?? today
  const since = Math.max(start, first)
  const usage = sumOf(found.filter(({ day }) => day >= start))
  const rateFrom = Math.max(today - (rateDays - 1) * dayMs, first)
  const recent = sumOf(found.filter(({ day }) => day >= rateFrom))
  // Less than a day says little of a month: it is taken for a whole one.
  const rest = timesUsage(recent, (end - now) / Math.max(now - rateFrom, dayMs))
  const whole = plusUsage(usage, rest)
  const lines = linesOf(usage, deployment, now - since)
  const later = linesOf(whole, deployment, end - since)
  return {
    ...{ since, until: now, usage, lines, dollars: totalOf(lines) },
    forecast: { lines: later, dollars: totalOf(later), lists: whole.lists },
  }
}

/** First moment of a moment's month and of the next, in UTC. */
function monthOf(moment: number): { start: number; end: number } {
  const date = new Date(moment)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()]
  return { start: Date.UTC(year, month), end: Date.UTC(year, month + 1) }
}

/** What was used as money: with what is paid by the hour, of `ms`. */
function linesOf(usage: Usage, deployment: Deployment, ms: number): Line[] {
  const { serving } = appsOf(deployment)
  const isKept = serving.alwaysReadyHttp > 0
  const kept = (amounts: Usage['executions']) => (isKept ? (amounts.http ?? 0) : 0)
  const requestUnits = allOf(usage.request_units)
  const use: MonthUse = {
    gbSeconds: allOf(usage.gb_seconds) - kept(usage.gb_seconds),
    keptGbSeconds: kept(usage.gb_seconds),
    executions: allOf(usage.executions) - kept(usage.executions),
    keptExecutions: kept(usage.executions),
    requestUnits,
    // On average: instances do not write by the hour.
    peakRequestUnits: requestUnits / Math.max(1, ms / 1000),
    ...{ hubEvents: usage.hub_events, blobReads: usage.blob_reads, blobWrites: usage.blob_writes },
    ...{ queueOperations: usage.queue_operations, logGb: usage.log_bytes / 2 ** 30 },
    // What lies in storage is not metered: docs/cost.md.
    ...{ storedGb: 0, cosmosGb: 0 },
    vaultOperations: (measured.vaultOperationsPerDay * ms) / dayMs,
  }
  return pricedLines(use, deployment, { share: ms / hourMs / hoursAMonth })
}

const sumOf = (days: readonly { usage: Usage }[]): Usage =>
  days.reduce((total, { usage }) => plusUsage(total, usage), noUsage())
