import { z } from 'zod'
import { number, weight } from './setting.ts'

export const DeploymentProfile = z.enum(['starter', 'enterprise'], { error: 'must be starter or enterprise' })
export type DeploymentProfile = z.infer<typeof DeploymentProfile>

/** What a month may cost, and by what it is reckoned: docs/cost.md. */
export const CostSettings = z.object({
  /** When the forecast of the month passes it, refreshes become rarer and nothing is explored; 0 sets no bound. */
  MONTHLY_BUDGET_DOLLARS: number(0, weight).meta({ runTime: true }),
  /** As infra/bicep/profiles.json has it: what is paid by the hour, and what is free. */
  DEPLOYMENT_PROFILE: DeploymentProfile.default('starter'),
})
export type CostSettings = z.infer<typeof CostSettings>
