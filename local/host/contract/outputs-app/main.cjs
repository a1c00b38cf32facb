// The app of the contract of outputs, hooks, settings and logs. What checks look at lies in storage or in answers.
const { app, output } = require('@azure/functions')
require('./hooks.cjs')

const connection = 'AzureWebJobsStorage'
const storage = { connection }
const methods = ['POST']
const authLevel = 'anonymous'

/** Values travel as JSON; what JSON has no type for says so: {"$bytes": "base64"}. */
function fromJson(value) {
  return value?.$bytes === undefined ? value : Buffer.from(value.$bytes, 'base64')
}

const queueOutput = output.storageQueue({ ...storage, queueName: '{queue}' })
app.http('queue-output', {
  methods,
  authLevel,
  route: 'queues/{queue}',
  extraOutputs: [queueOutput],
  handler: async (request, context) => {
    const { value, fail } = await request.json()
    context.extraOutputs.set(queueOutput, fromJson(value))
    if (fail) throw new Error('failed on purpose')
    return { status: 202 }
  },
})

const blobOutput = output.storageBlob({ ...storage, path: '{container}/%OUTPUT_FOLDER%/{name}' })
app.http('blob-output', {
  methods,
  authLevel,
  route: 'blobs/{container}/{name}',
  extraOutputs: [blobOutput],
  handler: async (request, context) => {
    context.extraOutputs.set(blobOutput, fromJson((await request.json()).value))
    return { status: 202 }
  },
})

const expressions = output.storageBlob({
  ...storage,
  path: '{container}/{USER.id}/{n}/{query.q}/{headers.x-shop}/{{x}}/{sys.MethodName}/{DateTime:yyyy-MM}/{rand-guid:N}',
})
app.http('expressions', {
  methods,
  authLevel,
  route: 'expressions/{container}',
  extraOutputs: [expressions],
  handler: (_request, context) => {
    context.extraOutputs.set(expressions, 'here')
    return { status: 202 }
  },
})

const dated = output.storageBlob({ ...storage, path: '{container}/{DateTime}' })
app.http('dated', {
  methods,
  authLevel,
  route: 'dated/{container}',
  extraOutputs: [dated],
  handler: (_request, context) => {
    context.extraOutputs.set(dated, 'now')
    return { status: 202 }
  },
})

const hubOutput = output.eventHub({ eventHubName: '%OUTPUT_HUB%', connection: 'EVENT_HUBS' })
app.http('hub-output', {
  methods,
  authLevel,
  route: 'hub',
  extraOutputs: [hubOutput],
  handler: async (request, context) => {
    context.extraOutputs.set(hubOutput, fromJson((await request.json()).value))
    return { status: 202 }
  },
})

const answer = output.http({})
app.http('answer-output', {
  methods,
  authLevel,
  route: 'answer/{queue}',
  return: queueOutput,
  extraOutputs: [answer],
  handler: async (request, context) => {
    context.extraOutputs.set(answer, { status: 201, headers: { 'x-answer': 'output' }, body: 'made' })
    return await request.json()
  },
})

const genericQueue = output.generic({ type: 'queue', name: 'out', connection, queueName: '{queue}' })
app.generic('generic', {
  trigger: { type: 'httpTrigger', name: 'req', methods, authLevel, route: 'generic/{queue}' },
  return: output.generic({ type: 'http', name: '$return' }),
  extraOutputs: [genericQueue],
  handler: (_request, context) => {
    context.extraOutputs.set('out', { by: 'generic' })
    return { status: 202 }
  },
})

for (const name of ['environment', 'switched-off', 'switched-on']) {
  app.http(name, { methods: ['GET'], authLevel, handler: () => ({ jsonBody: ownSettings() }) })
}
function ownSettings() {
  return Object.fromEntries(Object.entries(process.env).filter(([key]) => /^(OUTPUT|AzureFunctionsJobHost)_/.test(key)))
}

// {to} is a property of the message: one that is no queue's name makes the output fail.
app.storageQueue('relay', {
  ...storage,
  queueName: '%RELAY_QUEUE%',
  return: output.storageQueue({ ...storage, queueName: '{to}' }),
  extraOutputs: [
    output.storageBlob({ ...storage, name: 'seen', path: '{container}/{dequeueCount}-{id}' }),
    output.storageBlob({ ...storage, name: 'metadata', path: '{container}/metadata' }),
  ],
  handler: (message, context) => {
    context.extraOutputs.set('seen', 'yes')
    context.extraOutputs.set('metadata', { ...context.triggerMetadata, options: context.options })
    return message.relay
  },
})

app.eventHub('hub-to-blob', {
  eventHubName: '%OUTPUT_HUB%',
  connection: 'EVENT_HUBS',
  consumerGroup: '%OUTPUT_GROUP%',
  cardinality: 'one',
  return: output.storageBlob({ ...storage, path: '%RECORDS%/{SystemProperties.PartitionKey}-{SequenceNumber}' }),
  handler: event => event,
})
