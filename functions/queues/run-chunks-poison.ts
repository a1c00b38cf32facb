import { app } from '@azure/functions'
import { failPoisoned } from '../../shared/runs/fail-poisoned.ts'
import { RunMessage, runQueue } from '../../shared/schemas/run.ts'
import { ports } from '../app.ts'

app.storageQueue('run_chunks_poison', {
  connection: 'AzureWebJobsStorage',
  queueName: `${runQueue}-poison`,
  handler: message => failPoisoned(RunMessage.parse(message), ports),
})
