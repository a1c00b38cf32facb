import type { Stage } from '../../runs/stage.ts'
import { type RefreshPlan, readRefreshPlan } from './refresh-plan.ts'

/** The stage at a full fit; nothing at an increment. */
export const atRefit = (of: Stage): Stage => when(of, ({ type }) => type === 'refit')

/** The stage at a full fit, and when documents cannot be trusted to hold what the live generation published. */
export const atRepublish = (of: Stage): Stage => when(of, plan => plan.type === 'refit' || plan.scope === 'everything')

/** The stage whenever the lists of all users are made. */
export const atAllLists = (of: Stage): Stage => when(of, plan => plan.type === 'refit' || plan.scope !== 'changed')

function when(of: Stage, isDue: (plan: RefreshPlan) => boolean): Stage {
  return { ...of, plan: async context => (isDue(await readRefreshPlan(context)) ? of.plan(context) : []) }
}
