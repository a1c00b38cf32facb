import { app } from '@azure/functions'
import { startScheduled } from '../../shared/runs/start-scheduled.ts'
import { ports } from '../app.ts'
import { jobs } from '../jobs.ts'

app.timer('landing-timer', {
  schedule: '%LANDING_SCHEDULE%',
  handler: timer => startScheduled('landing', timer.scheduleStatus, { jobs, ports }),
})
