import { app } from '@azure/functions'
import { startScheduled } from '../../shared/runs/start-scheduled.ts'
import { ports, settings } from '../app.ts'
import { jobs } from '../jobs.ts'

app.timer('refit-timer', {
  schedule: settings.REFIT_SCHEDULE,
  handler: timer => startScheduled('refresh', timer.scheduleStatus, { jobs, ports, refit: true }),
})
