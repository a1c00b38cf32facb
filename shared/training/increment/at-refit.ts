import type { Stage } from '../../runs/stage.ts'
import { readRefreshPlan } from './refresh-plan.ts'

/** The stage at a full fit; nothing at an increment. */
export const atRefit = (of: Stage): Stage => ({
  ...of,
  plan: async context => ((await readRefreshPlan(context)).type === 'refit' ? of.plan(context) : []),
})
