// The app the listeners' contract is checked with. What its functions were given ends up as blobs of its own storage account,
// under the run that a message or an event names: a deployed app tells no less than one on this machine.
const { randomUUID } = require('node:crypto')
const { BlobServiceClient } = require('@azure/storage-blob')
const { app } = require('@azure/functions')

const storage = BlobServiceClient.fromConnectionString(process.env.AzureWebJobsStorage)
const container = storage.getContainerClient('contract-listeners')
const wait = ms => new Promise(resolve => setTimeout(resolve, ms))

/** The run a check named somewhere in what it sent. */
const runOf = input => /run-[0-9a-f]{12}/.exec(JSON.stringify(input))?.[0] ?? 'no-run'

async function record(folder, functionName, value) {
  const at = Date.now()
  const text = JSON.stringify({ at, ...value })
  await container
    .getBlockBlobClient(`${folder}/${functionName}/${at}-${randomUUID()}`)
    .upload(text, Buffer.byteLength(text))
}

function queueFunction(name, queueName) {
  app.storageQueue(name, {
    queueName,
    connection: 'AzureWebJobsStorage',
    handler: async (message, context) => {
      const { triggerMetadata: metadata, retryContext: retry } = context
      const run = runOf(message)
      await record(run, name, { message, metadata, retry })
      if (message.waitMs) await wait(message.waitMs)
      if (message.fail || metadata.dequeueCount <= message.failUntil) throw new Error('failed on purpose')
      await record(run, `${name}-done`, { message })
    },
  })
}
queueFunction('take', 'contract-take')
queueFunction('takeLate', 'contract-late')
queueFunction('takePoison', 'contract-dead-poison')

// Each lists only what concerns it: an event may name the one function that shall fail, and every other takes it as it is.
function eventFunction(name, options) {
  app.eventHub(name, {
    eventHubName: 'contract-listeners',
    connection: 'CONTRACT_EVENT_HUBS',
    ...options,
    handler: async (input, context) => {
      const { triggerMetadata: metadata, retryContext: retry } = context
      const events = Array.isArray(input) ? input : [input]
      const texts = events.map(event => (event instanceof Uint8Array ? Buffer.from(event).toString('utf8') : event))
      const shape = { isArray: Array.isArray(input), isBytes: events.every(event => event instanceof Uint8Array) }
      await record(runOf(texts), name, { events: texts, metadata, retry, ...shape })
      const failing = events.find(event => event.fail === name)
      if (failing && (retry?.retryCount ?? 0) < (failing.times ?? 1)) throw new Error('failed on purpose')
    },
  })
}
const fixedDelay = { strategy: 'fixedDelay', delayInterval: { seconds: 1 } }
eventFunction('many', { cardinality: 'many' })
eventFunction('one', { cardinality: 'one', consumerGroup: 'one' })
eventFunction('binary', { cardinality: 'many', consumerGroup: 'binary', dataType: 'binary' })
eventFunction('patient', {
  cardinality: 'many',
  consumerGroup: 'patient',
  retry: { ...fixedDelay, maxRetryCount: -1 },
})
eventFunction('limited', { cardinality: 'many', consumerGroup: 'limited', retry: { ...fixedDelay, maxRetryCount: 1 } })

function timerFunction(name, schedule, { runMs = 0, fail = false, ...options } = {}) {
  app.timer(name, {
    schedule,
    ...options,
    handler: async (timer, context) => {
      const begin = Date.now()
      await wait(runMs)
      await record('timers', name, { begin, end: Date.now(), timer, retry: context.retryContext })
      if (fail) throw new Error('failed on purpose')
    },
  })
}
timerFunction('secondly', '* * * * * *')
timerFunction('slow', '*/2 * * * * *', { runMs: 3_200 })
timerFunction('yearly', '0 0 0 1 1 *')
timerFunction('unwatched', '0 0 0 1 1 *', { useMonitor: false })
timerFunction('starting', '0 0 0 1 1 *', { runOnStartup: true })
timerFunction('failing', '*/6 * * * * *', { fail: true, retry: { ...fixedDelay, maxRetryCount: 2 } })
timerFunction('failingYearly', '0 0 0 1 1 *', { fail: true, retry: { ...fixedDelay, maxRetryCount: 2 } })
