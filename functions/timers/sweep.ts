import { app } from '@azure/functions'
import { sweep } from '../../shared/runs/sweep.ts'
import { ports, settings } from '../app.ts'

app.timer('run-sweeper', {
  schedule: '%SWEEP_SCHEDULE%',
  handler: async () => {
    await sweep({ silentAfterMs: settings.SWEEP_AFTER_SECONDS * 1000 }, ports)
  },
})
