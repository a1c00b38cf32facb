import { app } from '@azure/functions'
import { startScheduled } from '../../shared/runs/start-scheduled.ts'
import { jobs, ports } from '../app.ts'

app.timer('landing-timer', {
  schedule: '%LANDING_SCHEDULE%',
  handler: timer => startScheduled('landing', timer.scheduleStatus, { jobs, ports }),
})
