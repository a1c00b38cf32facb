// The app the host is tested with: what its functions were given ends up as JSON lines in the folder TEST_RECORDS.
const { appendFileSync } = require('node:fs')
const { join } = require('node:path')
const { app } = require('@azure/functions')

if (process.env.TEST_LOAD_ERROR) throw new Error(process.env.TEST_LOAD_ERROR)

function record(name, value) {
  const line = JSON.stringify({ at: Date.now(), pid: process.pid, ...value })
  appendFileSync(join(process.env.TEST_RECORDS, `${name}.jsonl`), `${line}\n`)
}
require('./http-functions.cjs')

const wait = ms => new Promise(resolve => setTimeout(resolve, ms))

app.http('echo', {
  methods: ['GET', 'POST', 'PUT'],
  route: 'echo/{id:int}/{name?}',
  handler: async (request, context) => ({
    status: 201,
    headers: { 'x-method': request.method, 'x-invocation': context.invocationId },
    cookies: [{ name: 'seen', value: 'a b', maxAge: 60, httpOnly: true, sameSite: 'Lax' }],
    jsonBody: {
      url: request.url,
      params: request.params,
      query: Object.fromEntries(request.query),
      header: request.headers.get('x-test'),
      body: Buffer.from(await request.arrayBuffer()).toString('hex'),
    },
  }),
})
app.http('a-files', { methods: ['GET'], route: 'files/{*path}', handler: request => ({ body: request.params.path }) })
app.http('b-files', { methods: ['GET'], route: 'files/special', handler: () => ({ body: 'never reached' }) })
app.http('bytes', {
  methods: ['POST'],
  handler: async request => ({
    body: new Uint8Array(await request.arrayBuffer()),
    headers: { 'content-type': 'image/png' },
  }),
})
app.http('guarded', { methods: ['GET'], authLevel: 'function', handler: () => ({ body: 'open' }) })
app.http('nothing', { methods: ['GET'], handler: () => undefined })
app.http('ping', { methods: ['GET'], handler: () => ({ jsonBody: { pong: true } }) })
app.http('slow', {
  methods: ['GET'],
  handler: async request => {
    await wait(Number(request.query.get('ms')))
    record('slow', {})
    return { body: 'done' }
  },
})
app.http('throws', {
  methods: ['GET'],
  handler: (_request, context) => {
    context.log('about to throw')
    console.log('said on the console')
    throw new Error('thrown on purpose')
  },
})
app.http('block', {
  methods: ['GET'],
  handler: request => {
    const until = Date.now() + Number(request.query.get('ms'))
    while (Date.now() < until);
    return { body: 'done' }
  },
})

app.storageQueue('work', {
  queueName: '%WORK_QUEUE%',
  connection: 'AzureWebJobsStorage',
  handler: async (message, context) => {
    record('work', { message, metadata: context.triggerMetadata })
    if (message.fail) throw new Error('message failed on purpose')
    if (message.waitMs) await wait(message.waitMs)
    record('work-done', { message })
  },
})
app.timer('tick', {
  schedule: '%TICK_SCHEDULE%',
  handler: async timer => {
    record('tick', { timer })
    await wait(100)
    record('tick-done', {})
  },
})
if (process.env.HUB_CONNECTION) {
  let failures = 0
  app.eventHub('events', {
    eventHubName: 'events',
    connection: 'HUB_CONNECTION',
    consumerGroup: '$Default',
    cardinality: 'many',
    retry: { strategy: 'fixedDelay', delayInterval: { milliseconds: 100 }, maxRetryCount: -1 },
    handler: async (events, context) => {
      record('events', { events, metadata: context.triggerMetadata, retry: context.retryContext })
      if (events.some(event => event.failTwice) && failures++ < 2) throw new Error('batch failed on purpose')
      if (events.some(event => event.waitMs)) await wait(events.find(event => event.waitMs).waitMs)
      record('events-done', { events })
    },
  })
  app.eventHub('single', {
    eventHubName: 'single',
    connection: 'HUB_CONNECTION',
    handler: async (event, context) => {
      record('single', { event, metadata: context.triggerMetadata })
      if (event === 'bad') throw new Error('event failed on purpose')
    },
  })
}

app.hook.appStart(() => record('hooks', { hook: 'appStart' }))
app.hook.appTerminate(() => record('hooks', { hook: 'appTerminate' }))
app.hook.preInvocation(context => {
  if (context.invocationContext.functionName === 'ping') context.hookData.startedAt = 1
})
app.hook.postInvocation(context => {
  if (context.hookData.startedAt === 1) context.result.headers = { 'x-hooked': 'yes' }
})
