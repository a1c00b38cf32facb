import { InvocationContext } from '@azure/functions'
import { expect, test } from 'vitest'
import { ActiveTime } from './active-time.ts'
import { observeInvocation } from './invocation.ts'
import { azureTelemetry } from './telemetry.ts'

const traceParent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

function invoked(trigger: { type: string; [field: string]: unknown }, handler: () => Promise<unknown>) {
  const telemetry = azureTelemetry({ share: 1, slowMs: 1 })
  const time = new ActiveTime(telemetry, () => 0)
  const options = { trigger: { name: 'in', ...trigger }, extraInputs: [], extraOutputs: [] }
  const invocationContext = new InvocationContext({ functionName: 'one', options, traceContext: { traceParent } })
  const hooked = { invocationContext, functionHandler: () => handler() }
  observeInvocation(hooked, { telemetry, time })
  return { telemetry, run: () => hooked.functionHandler() as Promise<unknown> }
}

test.each([
  ['http', { type: 'httpTrigger' }],
  ['clock', { type: 'timerTrigger' }],
  ['interactions', { type: 'eventHubTrigger', eventHubName: 'interactions' }],
  ['catalog-changes', { type: 'eventHubTrigger', eventHubName: 'catalog-changes' }],
  ['run-chunks', { type: 'queueTrigger', queueName: 'run-chunks' }],
  ['run-chunks-poison', { type: 'queueTrigger', queueName: 'run-chunks-poison' }],
] as const)('what an invocation of %s does is put down to it, in the host’s trace', async (trigger, of) => {
  const { telemetry, run } = invoked(of, async () => {
    const span = await telemetry.span('work', {}, async () => telemetry.traceparent())
    return [telemetry.trigger(), span?.split('-')[1]]
  })
  expect(await run()).toEqual([trigger, traceParent.split('-')[1]])
  expect(await telemetry.exposition()).toContain(`sidecart_executions_total{trigger="${trigger}"} 1\n`)
  expect(await telemetry.exposition()).toContain(`sidecart_active_ms_total{trigger="${trigger}"} 1000\n`)
})

test('an invocation that fails is counted and timed all the same, and fails', async () => {
  const { telemetry, run } = invoked({ type: 'httpTrigger' }, () => Promise.reject(new Error('in vain')))
  await expect(run()).rejects.toThrow('in vain')
  expect(await telemetry.exposition()).toContain('sidecart_active_ms_total{trigger="http"} 1000\n')
})

test('a trigger that no figure is kept of is refused, so that none is forgotten', () => {
  expect(() => invoked({ type: 'queueTrigger', queueName: 'others' }, async () => 1)).toThrow(
    'Cannot tell the trigger of one: it listens to others',
  )
})
