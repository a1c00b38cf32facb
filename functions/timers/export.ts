import { app } from '@azure/functions'
import { startScheduled } from '../../shared/runs/start-scheduled.ts'
import { ports, settings } from '../app.ts'
import { jobs } from '../jobs.ts'

app.timer('export-timer', {
  schedule: settings.EXPORT_SCHEDULE,
  handler: timer => startScheduled('export', timer.scheduleStatus, { jobs, ports }),
})
