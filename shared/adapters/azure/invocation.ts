import type { InvocationContext, PreInvocationContext } from '@azure/functions'
import { type Trigger, triggers } from '../../schemas/telemetry.ts'
import type { ActiveTime } from './active-time.ts'
import type { AzureTelemetry } from './telemetry.ts'

/** Puts what an invocation does down to its trigger: what it spends, its time, its place in the host's trace. */
export function observeInvocation(
  hooked: Pick<PreInvocationContext, 'functionHandler' | 'invocationContext'>,
  { telemetry, time }: { telemetry: AzureTelemetry; time: ActiveTime },
): void {
  const { functionHandler: handler, invocationContext } = hooked
  const of = { trigger: triggerOf(invocationContext), traceparent: invocationContext.traceContext?.traceParent }
  hooked.functionHandler = (input, context) =>
    telemetry.invocation(of, async () => {
      const end = time.begin(of.trigger)
      try {
        return await handler(input, context)
      } finally {
        end()
      }
    })
}

/** @throws RangeError for a trigger that the table of telemetry does not know */
function triggerOf({ options: { trigger }, functionName }: InvocationContext): Trigger {
  switch (trigger.type) {
    case 'httpTrigger':
      return 'http'
    case 'timerTrigger':
      return 'clock'
  }
  const name = trigger.eventHubName ?? trigger.queueName
  const known = triggers.find(each => each === name)
  if (known === undefined) throw new RangeError(`Cannot tell the trigger of ${functionName}: it listens to ${name}`)
  return known
}
