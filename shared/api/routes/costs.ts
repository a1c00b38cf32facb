import { readBudget, refreshEveryMs } from '../../operations/cost/budget.ts'
import type { Deployment } from '../../operations/cost/deployments.ts'
import { monthCost } from '../../operations/cost/month.ts'
import type { Ports } from '../../ports.ts'
import { CostsAnswer } from '../../schemas/costs.ts'
import { prices } from '../../schemas/prices.ts'
import { access } from '../access.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'

/** What a month may cost as it is set by now, and the deployment whose hours are paid. */
export type CostNeed = () => { budgetDollars: number; deployment: Deployment }

export const costs = ({ ports, cost }: { ports: Pick<Ports, 'documents' | 'clock'>; cost: CostNeed }): Endpoint =>
  endpoint({
    name: 'costs',
    method: 'GET',
    path: '/api/costs',
    access: access.operate,
    group: 'service',
    summary: 'What this month has cost so far and will have cost, line by line, and whether its budget slows anything',
    output: CostsAnswer,
    run: async () => {
      const { budgetDollars, deployment } = cost()
      const [month, budget] = await Promise.all([
        monthCost(ports.clock(), deployment, ports.documents),
        readBudget(ports),
      ])
      const { forecast } = month
      const everyMs = refreshEveryMs(budget)
      const isSlowed = everyMs > 0
      return {
        body: {
          ...{ profile: deployment.profile, prices_as_of: prices.asOf },
          ...{ since: new Date(month.since).toISOString(), until: new Date(month.until).toISOString() },
          month_to_date: { dollars: month.dollars, lines: month.lines },
          forecast: { dollars: forecast.dollars, lines: forecast.lines },
          lists: month.usage.lists,
          dollars_per_thousand_lists: forecast.lists === 0 ? null : (forecast.dollars / forecast.lists) * 1000,
          usage: month.usage,
          budget: {
            ...{ dollars: budgetDollars, is_slowed: isSlowed, explores: !isSlowed },
            refresh_every_hours: isSlowed ? everyMs / 3_600_000 : null,
            since: budget && isSlowed ? budget.since : null,
          },
        },
      }
    },
  })
