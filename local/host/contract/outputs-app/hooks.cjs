// Hooks that act by the name of the function, and the functions they act on.
const { app } = require('@azure/functions')

const authLevel = 'anonymous'
const starts = []
let setupAfterStart

app.hook.appStart(async context => {
  context.hookData.startedBy = 'appStart'
  starts.push('appStart')
})

app.hook.preInvocation(context => {
  const { functionName } = context.invocationContext
  context.hookData.order = ['pre 1']
  if (functionName === 'hook-inputs') context.inputs = [{ replaced: true }]
  if (functionName === 'hook-handler') context.functionHandler = () => ({ jsonBody: { handler: 'replaced' } })
  if (functionName === 'hook-pre-throws') throw new Error('preInvocation failed on purpose')
})
const second = app.hook.preInvocation(context => void context.hookData.order.push('pre 2'))
app.hook.preInvocation(() => starts.push('disposed hook ran')).dispose()

app.hook.postInvocation(context => {
  const { functionName } = context.invocationContext
  if (functionName === 'hook-order') {
    const order = [...context.hookData.order, `post, result ${context.result.jsonBody.n}, error ${context.error}`]
    context.result = { jsonBody: { order, starts, inputs: context.inputs.length } }
  }
  if (functionName === 'hook-heals') {
    context.result = { jsonBody: { healed: context.error.message } }
    context.error = undefined
  }
  if (functionName === 'hook-post-fails') context.error = new Error('set by the postInvocation hook')
  if (functionName === 'hook-read-only') {
    const refused = []
    for (const name of ['hookData', 'invocationContext']) {
      try {
        context[name] = {}
      } catch (error) {
        refused.push(`${name}: ${error.message}`)
      }
    }
    context.result = { jsonBody: { refused } }
  }
})

const logged = []
app.hook.log(context => {
  const { invocationContext, message } = context
  if (invocationContext?.functionName !== 'logging') return
  logged.push({ message, level: context.level, category: context.category, id: invocationContext.invocationId })
  if (message === 'secret') context.message = 'hidden'
  if (message === 'louder') context.level = 'error'
  if (message === 'break the hook') throw new Error('log hook failed on purpose')
})

const get = (name, handler) => app.http(name, { methods: ['GET'], authLevel, handler })

get('hook-inputs', request => ({ jsonBody: request }))
get('hook-handler', () => ({ jsonBody: { handler: 'own' } }))
get('hook-pre-throws', () => ({ body: 'never reached' }))
get('hook-order', () => ({ jsonBody: { n: 7 } }))
get('hook-heals', () => {
  throw new Error('failed on purpose')
})
get('hook-post-fails', () => ({ body: 'never sent' }))
get('hook-read-only', () => ({}))
get('logging', (request, context) => {
  context.debug('debug line')
  context.log('secret')
  context.info('louder')
  context.warn('a %s line of %d', 'formatted', 2)
  context.log('break the hook')
  return { jsonBody: { id: context.invocationId, logged: logged.splice(0), method: request.method } }
})
get('late-setup', () => {
  const attempts = [
    () => app.setup({ capabilities: { Late: 'true' } }),
    () => app.get('too-late', () => ({})),
    () => second.dispose(),
  ]
  setupAfterStart ??= attempts.map(attempt => {
    try {
      attempt()
      return 'taken'
    } catch (error) {
      return error.message
    }
  })
  return { jsonBody: setupAfterStart }
})
app.http('context', {
  methods: ['GET'],
  authLevel,
  route: 'context/{id}',
  handler: (_request, context) => ({
    jsonBody: {
      functionName: context.functionName,
      invocationId: context.invocationId,
      options: context.options,
      traceContext: context.traceContext,
      retryContext: context.retryContext ?? null,
      triggerMetadata: context.triggerMetadata ?? null,
    },
  }),
})
