import { app } from '@azure/functions'
import { refreshEveryMs, watchBudget } from '../../shared/operations/cost/budget.ts'
import { heartbeat } from '../../shared/operations/heartbeat.ts'
import { startDue } from '../../shared/operations/schedule/start-due.ts'
import { startErasures } from '../../shared/privacy/erasure/start-erasures.ts'
import { sweep } from '../../shared/runs/sweep.ts'
import { ports, settings } from '../app.ts'
import { cost, schedules } from '../configuration.ts'
import { jobs } from '../jobs.ts'

const beat = heartbeat()
// One timer for all: starts what is due, and mends runs that stand still.
app.timer('clock', {
  schedule: '%SWEEP_SCHEDULE%',
  handler: async () => {
    const looks = [
      watchBudget(cost(), ports).then(of => startDue(schedules, { jobs, ports, refreshEveryMs: refreshEveryMs(of) })),
      startErasures('timer', { jobs, ports }),
      sweep({ silentAfterMs: settings.SWEEP_AFTER_SECONDS * 1000 }, ports),
      beat(ports),
    ]
    for (const look of await Promise.allSettled(looks)) if (look.status === 'rejected') throw look.reason
  },
})
