import type { Ports } from '../../ports.ts'
import { collections } from '../../schemas/collections.ts'
import type { BudgetLevel, BudgetState } from '../../schemas/usage.ts'
import type { Deployment } from './deployments.ts'
import { monthCost } from './month.ts'

const key = { id: 'budget', partition: 'budget' } as const
const hourMs = 3_600_000
/** How often the month is reckoned anew, and how long a level stays at least: what it saves must show in the forecast first. */
const lookMs = hourMs
const levelMs = 24 * hourMs
/** The forecast has to be so far below the budget before anything is restored: of starter's, most is paid by the hour. */
const restoredShare = 0.95

/** The least time between two refreshes by the clock. */
const refreshHours = { 0: 0, 1: 12, 2: 24 } as const satisfies Record<BudgetLevel, number>
export const refreshEveryMs = (state: BudgetState | undefined): number =>
  state ? refreshHours[state.level] * hourMs : 0

export const readBudget = async ({ documents }: Pick<Ports, 'documents'>): Promise<BudgetState | undefined> =>
  (await documents.read(collections.budgetStates, key))?.document

type Needs = Pick<Ports, 'documents' | 'clock' | 'log' | 'telemetry'>

/**
 * Compares the month's forecast with its budget, once an hour, and keeps what follows for all to read: refreshes by the clock
 * become rarer while it is above, step by step, and nothing is explored. Lists, events and erasures know nothing of it.
 * @param of.budgetDollars 0 for none
 */
export async function watchBudget(
  { budgetDollars, deployment }: { budgetDollars: number; deployment: Deployment },
  ports: Needs,
): Promise<BudgetState> {
  const { documents, clock } = ports
  const now = clock()
  const stored = await documents.read(collections.budgetStates, key)
  const before = stored?.document
  if (before && now - Date.parse(before.looked_at) < lookMs && before.budget_dollars === budgetDollars) {
    tell(before, ports)
    return before
  }
  const { dollars, forecast } = await monthCost(now, deployment, documents)
  const level = nextLevel(before, { budgetDollars, forecastDollars: forecast.dollars, now })
  const at = new Date(now).toISOString()
  const state: BudgetState = {
    ...{ id: 'budget', level, since: before?.level === level ? before.since : at, looked_at: at },
    ...{ budget_dollars: budgetDollars, month_dollars: dollars, forecast_dollars: forecast.dollars },
  }
  const written = stored
    ? await documents.replace(collections.budgetStates, state, stored.etag)
    : await documents.create(collections.budgetStates, state)
  tell(state, ports)
  // Who lost the race found the same, and it was told already.
  if (written) tellChange(before?.level ?? 0, state, ports)
  return state
}

/** One step at a time: slower while the forecast is above the budget, back once it is well below. */
export function nextLevel(
  before: Pick<BudgetState, 'level' | 'since'> | undefined,
  { budgetDollars, forecastDollars, now }: { budgetDollars: number; forecastDollars: number; now: number },
): BudgetLevel {
  const level = before?.level ?? 0
  if (budgetDollars === 0) return 0
  const isSettled = level === 0 || now - Date.parse(before?.since ?? '') >= levelMs
  if (!isSettled) return level
  if (forecastDollars > budgetDollars) return level === 0 ? 1 : 2
  if (forecastDollars < budgetDollars * restoredShare) return level === 2 ? 1 : 0
  return level
}

function tell({ month_dollars, forecast_dollars }: BudgetState, { telemetry }: Needs): void {
  telemetry.gauge('month_cost_dollars', {}, month_dollars)
  telemetry.gauge('month_forecast_dollars', {}, forecast_dollars)
}

function tellChange(before: BudgetLevel, state: BudgetState, { log }: Needs): void {
  const { level, ...dollars } = { level: state.level, budget: state.budget_dollars, forecast: state.forecast_dollars }
  if (level === before) return
  const record = { stage: 'budget', ...dollars, refreshEveryHours: refreshHours[level] }
  if (level > before) log.warn({ event: 'budget_slowed', ...record })
  else if (level === 0) log.info({ event: 'budget_restored', ...record })
  else log.info(record)
}
