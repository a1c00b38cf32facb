import { afterAll, beforeAll, describe, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { eventually, type OutputsUnderTest, outputsUnderTest, ownName, sendToRelay } from './outputs-under-test.ts'

const rule = contract({
  hooks: 'https://learn.microsoft.com/azure/azure-functions/functions-reference-node',
  invocation: 'Azure/azure-functions-nodejs-worker: src/eventHandlers/InvocationHandler.ts',
  start: 'Azure/azure-functions-nodejs-worker: src/startApp.ts',
  log: 'Azure/azure-functions-nodejs-worker: src/WorkerContext.ts',
  setup: 'Azure/azure-functions-nodejs-library: src/setup.ts',
  readOnly: 'Azure/azure-functions-nodejs-library: src/hooks/InvocationHookContext.ts',
  context: 'Azure/azure-functions-nodejs-library: src/InvocationModel.ts',
  trace: 'https://www.w3.org/TR/trace-context/',
})

let app: OutputsUnderTest
beforeAll(async () => {
  app = await outputsUnderTest()
})
afterAll(() => app?.stop())

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${app.url}/api/${path}`, { headers })
const jsonOf = async (path: string, headers?: Record<string, string>) => await (await get(path, headers)).json()

describe('hooks', () => {
  rule(
    'hooks',
    'run in the order they were registered, share hookData within an invocation, and end when disposed',
    async () => {
      const first = await jsonOf('hook-order')
      expect(first).toMatchObject({ order: ['pre 1', 'pre 2', 'post, result 7, error null'], inputs: 1 })
      expect(await jsonOf('hook-order')).toEqual(first)
    },
  )
  rule('start', 'of appStart have run, once, before the first invocation', async () => {
    expect(await jsonOf('hook-order')).toMatchObject({ starts: ['appStart'] })
  })
  rule('hooks', 'of preInvocation can replace what the function is given', async () => {
    expect(await jsonOf('hook-inputs')).toEqual({ replaced: true })
  })
  rule('hooks', 'of preInvocation can replace the function', async () => {
    expect(await jsonOf('hook-handler')).toEqual({ handler: 'replaced' })
  })
  rule('invocation', 'of preInvocation that throw fail the invocation without running the function', async () => {
    expect((await get('hook-pre-throws')).status).toBe(500)
  })
  rule('hooks', 'of postInvocation can turn a failure into a result', async () => {
    const response = await get('hook-heals')
    expect([response.status, await response.json()]).toEqual([200, { healed: 'failed on purpose' }])
  })
  rule('hooks', 'of postInvocation can turn a result into a failure', async () => {
    expect((await get('hook-post-fails')).status).toBe(500)
  })
  rule('readOnly', 'cannot overwrite hookData and invocationContext', async () => {
    const { refused } = (await jsonOf('hook-read-only')) as { refused: string[] }
    expect(refused).toHaveLength(2)
    for (const message of refused) expect(message).toMatch(/read[- ]only/i)
  })
})

describe('after the start', () => {
  rule('setup', 'options cannot be set up and functions cannot be registered any more', async () => {
    const [setup, register] = (await jsonOf('late-setup')) as string[]
    expect(setup).toBe("Setup options can't be changed after app startup has finished.")
    expect(register).toMatch(/^A function can only be registered during app startup/)
  })
})

describe('log hooks', () => {
  type Line = { message: string; level: string; category: string; id: string }
  const loggedBy = async () => (await jsonOf('logging')) as { id: string; logged: Line[] }
  rule('log', 'see each line of the app formatted, with its level and invocation', async () => {
    const { id, logged } = await loggedBy()
    expect(logged.filter(({ category }) => category === 'user')).toEqual([
      { message: 'debug line', level: 'debug', category: 'user', id },
      { message: 'secret', level: 'information', category: 'user', id },
      { message: 'louder', level: 'information', category: 'user', id },
      { message: 'a formatted line of 2', level: 'warning', category: 'user', id },
      { message: 'break the hook', level: 'information', category: 'user', id },
    ])
  })
  rule('log', 'that throw do not fail the invocation', async () => {
    expect((await get('logging')).status).toBe(200)
  })
})

describe('the invocation context', () => {
  interface Context {
    functionName: string
    invocationId: string
    options: { trigger: object; return: object; extraInputs: object[]; extraOutputs: object[] }
    traceContext: { traceParent: string; traceState: string; attributes: object }
    retryContext: object | null
    triggerMetadata: object | null
  }
  const contextOf = async (headers?: Record<string, string>) => (await jsonOf('context/5', headers)) as Context
  rule('context', 'holds the options of the function as the library registered them', async () => {
    const { functionName, options } = await contextOf()
    expect(functionName).toBe('context')
    expect(options).toMatchObject({
      trigger: {
        type: 'httpTrigger',
        direction: 'in',
        methods: ['GET'],
        authLevel: 'anonymous',
        route: 'context/{id}',
      },
      return: { type: 'http', direction: 'out', name: '$return' },
      extraInputs: [],
      extraOutputs: [],
    })
  })
  rule(
    'context',
    'has an id of its own for each invocation, and no retryContext and triggerMetadata with HTTP',
    async () => {
      const [first, second] = [await contextOf(), await contextOf()]
      expect(first.invocationId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
      expect(second.invocationId).not.toBe(first.invocationId)
      expect([first.retryContext, first.triggerMetadata]).toEqual([null, null])
    },
  )
  rule('trace', 'goes on with the trace of the request', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c'
    const { traceContext } = await contextOf({
      traceparent: `00-${traceId}-b7ad6b7169203331-01`,
      tracestate: 'vendor=value',
    })
    expect(traceContext.traceParent).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-0[01]$`))
    expect(traceContext.traceState).toBe('vendor=value')
  })
  rule('trace', 'starts a trace of its own where the request brings none', async () => {
    const { traceContext } = await contextOf()
    expect(traceContext.traceParent).toMatch(/^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-0[01]$/)
  })
  rule('context', 'of a queue function holds its outputs and the metadata of its message', async () => {
    const container = app.blobs.getContainerClient(ownName('context'))
    try {
      const message = { to: ownName('none'), container: container.containerName }
      const { messageId } = await sendToRelay(app, message)
      const blob = container.getBlockBlobClient('metadata')
      const metadata = await eventually(async () =>
        (await blob.exists()) ? JSON.parse(String(await blob.downloadToBuffer())) : undefined,
      )
      expect(metadata).toMatchObject({
        ...{ queueTrigger: message, id: messageId, dequeueCount: 1, popReceipt: expect.any(String) },
        options: {
          trigger: { type: 'queueTrigger', queueName: '%RELAY_QUEUE%' },
          return: { type: 'queue', queueName: '{to}', direction: 'out' },
          extraOutputs: [{ name: 'seen' }, { name: 'metadata', type: 'blob' }],
        },
      })
    } finally {
      await container.deleteIfExists()
    }
  })
})
