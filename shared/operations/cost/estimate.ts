import type { DeploymentProfile } from '../../schemas/settings/cost.ts'
import { type Deployment, deploymentOf } from './deployments.ts'
import { peakPerSecond } from './hours-of-day.ts'
import { type Line, pricedLines, totalOf } from './priced-lines.ts'
import { type Traffic, timesTraffic } from './traffic.ts'
import { type BilledSeconds, daysAMonth, eventsOf, useOfTraffic } from './use-of-traffic.ts'

/** How much of the traffic asked for it takes until something gives way, and what that is. */
interface Bound {
  what: 'budget' | 'throughput' | 'hub' | 'logs'
  says: string
  requestsPerDay: number
  eventsPerDay: number
}

export interface Estimate {
  profile: DeploymentProfile
  traffic: Traffic
  lines: Line[]
  dollars: number
  /** Undefined where no lists are asked for. */
  dollarsPerThousandLists: number | undefined
  budgetDollars: number
  billedSecondsADay: BilledSeconds
  /** What gives way first comes first; requests and events grow alike. Empty for a shop without traffic. */
  bounds: Bound[]
}

/** What a month of traffic costs in a profile, and what gives way when it grows. */
export function estimate(traffic: Traffic, profile: DeploymentProfile): Estimate {
  const deployment = deploymentOf(profile)
  const { use, billed } = useOfTraffic(traffic, deployment)
  const lines = pricedLines(use, deployment)
  const dollars = totalOf(lines)
  const lists = traffic.requestsPerDay * daysAMonth
  return {
    ...{ profile, traffic, lines, dollars, budgetDollars: deployment.budgetDollars, billedSecondsADay: billed },
    dollarsPerThousandLists: lists === 0 ? undefined : (dollars / lists) * 1000,
    bounds: boundsOf(traffic, deployment),
  }
}

/** What a month costs: the sum alone. */
export const dollarsAMonth = (traffic: Traffic, deployment: Deployment): number =>
  totalOf(pricedLines(useOfTraffic(traffic, deployment).use, deployment))

function boundsOf(traffic: Traffic, deployment: Deployment): Bound[] {
  if (traffic.requestsPerDay + traffic.eventsPerDay === 0) return []
  const { budgetDollars, cosmos, eventHubs, logs } = deployment
  const bound = (what: Bound['what'], says: string, isWithin: (of: Traffic) => boolean): Bound[] => {
    const times = mostTimes(factor => isWithin(timesTraffic(traffic, factor)))
    if (times === undefined) return []
    const { requestsPerDay, eventsPerDay } = timesTraffic(traffic, times)
    return [{ what, says, requestsPerDay: Math.floor(requestsPerDay), eventsPerDay: Math.floor(eventsPerDay) }]
  }
  const found = [
    ...bound(
      'budget',
      `the month costs $${budgetDollars}: ${whatGrows(traffic, deployment)} grows most`,
      of => dollarsAMonth(of, deployment) <= budgetDollars,
    ),
    ...bound(
      'throughput',
      `the busiest hour takes ${cosmos.throughputMax} request units a second: Cosmos DB answers 429 to some requests, which wait`,
      of => useOfTraffic(of, deployment).use.peakRequestUnits <= cosmos.throughputMax,
    ),
    ...bound(
      'hub',
      `the hub takes ${1000 * eventHubs.throughputUnits} events a second: what comes beyond is refused and sent again`,
      of => peakPerSecond(eventsOf(of)) <= 1000 * eventHubs.throughputUnits,
    ),
    ...bound(
      'logs',
      `logs reach their daily cap of ${logs.dailyCapGb} GB: what comes after is dropped`,
      of => useOfTraffic(of, deployment).use.logGb <= logs.dailyCapGb * daysAMonth,
    ),
  ]
  return found.sort((a, b) => a.requestsPerDay + a.eventsPerDay - (b.requestsPerDay + b.eventsPerDay))
}

/** The line that costs more than it would without traffic, by the most. */
function whatGrows(traffic: Traffic, deployment: Deployment): string {
  const linesOf = (of: Traffic) => pricedLines(useOfTraffic(of, deployment).use, deployment)
  const idle = linesOf(timesTraffic(traffic, 0))
  const grown = linesOf(timesTraffic(traffic, 10)).map(({ service, unit, dollars }, index) => ({
    name: `${service}, ${unit}`,
    dollars: dollars - (idle[index]?.dollars ?? 0),
  }))
  return grown.reduce((most, line) => (line.dollars > most.dollars ? line : most)).name
}

const timesMax = 100_000

/** The largest factor, to a thousandth of it, up to which the condition holds; undefined when it always does. */
function mostTimes(holds: (factor: number) => boolean): number | undefined {
  if (holds(timesMax)) return undefined
  let [within, beyond] = [0, timesMax]
  if (!holds(0)) return 0
  while (beyond - within > beyond / 1000 && beyond > 1e-9) {
    // Factors are of all sizes: halve their logarithms once there are two.
    const middle = within === 0 ? beyond / 10 : Math.sqrt(within * beyond)
    if (holds(middle)) within = middle
    else beyond = middle
  }
  return within
}
