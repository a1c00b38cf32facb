import { app } from '@azure/functions'
import { work } from '../../shared/runs/work.ts'
import { RunMessage, runQueue } from '../../shared/schemas/run.ts'
import { ports } from '../app.ts'
import { jobs } from '../jobs.ts'

app.storageQueue('run_chunks', {
  connection: 'AzureWebJobsStorage',
  queueName: runQueue,
  handler: message => work(RunMessage.parse(message), { jobs, ports }),
})
