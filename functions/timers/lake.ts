import { app } from '@azure/functions'
import { startScheduled } from '../../shared/runs/start-scheduled.ts'
import { ports } from '../app.ts'
import { jobs } from '../jobs.ts'

app.timer('lake-timer', {
  schedule: '%LAKE_SCHEDULE%',
  handler: timer => startScheduled('lake', timer.scheduleStatus, { jobs, ports, scope: 'hourly' }),
})
