import { app } from '@azure/functions'
import { startScheduled } from '../../shared/runs/start-scheduled.ts'
import { ports } from '../app.ts'
import { jobs } from '../jobs.ts'

app.timer('refresh-timer', {
  schedule: '%REFRESH_SCHEDULE%',
  handler: timer => startScheduled('refresh', timer.scheduleStatus, { jobs, ports }),
})
