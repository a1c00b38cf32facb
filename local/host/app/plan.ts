import { compileRoute } from '../http/route.ts'
import { planOutputs } from '../outputs/output-plan.ts'
import { queueName } from '../queues/queue-name.ts'
import type { HostConfig } from '../settings/host-json.ts'
import { parseSchedule } from '../timers/ncrontab.ts'
import type { FunctionPlan, Registration } from '../workers/messages.ts'
import { bindingText, connectionOf, type Settings } from './binding-text.ts'

/**
 * Checks what the app registered and resolves %NAME% and connections from the settings; in alphabetical order, which is the
 * order in which routes are tried. Disabled functions are left out.
 * @throws Error naming function, field and value when this host could not run one of them
 */
export function planFunctions(registrations: Registration[], settings: Settings, config: HostConfig): FunctionPlan[] {
  return registrations
    .filter(({ name }) => !isDisabled(name, settings) && (config.only?.includes(name) ?? true))
    .sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1))
    .map(registration => planFunction(registration, settings, config))
}

function isDisabled(name: string, settings: Settings): boolean {
  return /^(1|true)$/i.test(settings[`AzureWebJobs.${name}.Disabled`] ?? '')
}

function planFunction(registration: Registration, settings: Settings, config: HostConfig): FunctionPlan {
  const { name, bindings, retry } = registration
  if (!/^[a-z][a-z0-9_-]{0,126}$/i.test(name)) {
    throw new Error(
      `Function name must start with a letter and hold letters, digits, - and _: current value is "${name}"`,
    )
  }
  const [bindingName, trigger] = Object.entries(bindings).find(([, { type }]) => /trigger$/i.test(type)) ?? []
  if (bindingName === undefined || trigger === undefined) throw new Error(`Function "${name}" has no trigger`)
  const owner = `function "${name}"`
  const text = (key: string, fallback?: string) => bindingText({ owner, binding: trigger, key, settings }, fallback)
  const outputs = planOutputs(name, bindings, settings)
  const plan = { name, bindingName, scaleGroup: name, outputs, ...(retry && { retry }) }
  switch (trigger.type.toLowerCase()) {
    case 'httptrigger': {
      const route = [config.routePrefix, text('route', name).replace(/^~?\//, '')].filter(part => part !== '').join('/')
      compileRoute(route, name)
      const authLevel = text('authLevel', 'function').toLowerCase()
      if (authLevel !== 'anonymous' && authLevel !== 'function' && authLevel !== 'admin') {
        throw new Error(`authLevel of "${name}" must be anonymous, function or admin: current value is "${authLevel}"`)
      }
      const methods = Array.isArray(trigger.methods) ? trigger.methods.map(method => String(method).toUpperCase()) : []
      return { ...plan, type: 'http', scaleGroup: 'http', route, methods, authLevel }
    }
    case 'timertrigger': {
      const schedule = text('schedule')
      const useMonitor = trigger.useMonitor !== false && parseSchedule(schedule).monitoredByDefault
      return { ...plan, type: 'timer', schedule, runOnStartup: trigger.runOnStartup === true, useMonitor }
    }
    case 'queuetrigger': {
      const connection = connectionOf(text('connection', ''), owner, settings)
      return { ...plan, type: 'queue', queueName: queueName(text('queueName'), owner), connection }
    }
    case 'eventhubtrigger': {
      return {
        ...plan,
        type: 'eventHub',
        eventHubName: text('eventHubName'),
        connection: connectionOf(text('connection'), owner, settings),
        consumerGroup: text('consumerGroup', '$Default'),
        cardinality: text('cardinality', 'one') === 'many' ? 'many' : 'one',
        binary: trigger.dataType === 'binary',
      }
    }
    default:
      throw new Error(
        `Function "${name}" has a trigger the local host cannot run: ${trigger.type}. It runs httpTrigger, timerTrigger, queueTrigger and eventHubTrigger`,
      )
  }
}
