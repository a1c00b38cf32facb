import { app } from '@azure/functions'
import { startScheduled } from '../../shared/runs/start-scheduled.ts'
import { jobs, ports, settings } from '../app.ts'

app.timer('refit-timer', {
  schedule: settings.REFIT_SCHEDULE,
  handler: timer => startScheduled('refresh', timer.scheduleStatus, { jobs, ports, refit: true }),
})
