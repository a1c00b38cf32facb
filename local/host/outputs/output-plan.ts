import { bindingText, connectionOf, type Settings } from '../app/binding-text.ts'
import type { Binding } from '../app/core-types.ts'
import { parseStorageConnection } from '../storage/storage-account.ts'
import { type BindingExpression, parseExpression } from './binding-expression.ts'

interface Output {
  /** Name of the binding; "$return" for what the function returns. */
  name: string
}
interface HttpOutputPlan extends Output {
  type: 'http'
}
interface QueueOutputPlan extends Output {
  type: 'queue'
  queueName: BindingExpression
  connection: string
}
interface EventHubOutputPlan extends Output {
  type: 'eventHub'
  eventHubName: BindingExpression
  connection: string
}
interface BlobOutputPlan extends Output {
  type: 'blob'
  container: BindingExpression
  blob: BindingExpression
  connection: string
}
/** An output binding with its fields checked, its %NAME%s and connection resolved and its expressions parsed. */
export type OutputPlan = HttpOutputPlan | QueueOutputPlan | EventHubOutputPlan | BlobOutputPlan

/**
 * The output bindings of a function.
 * @throws Error naming function, binding, field and value when one cannot be run, and for every input binding
 */
export function planOutputs(functionName: string, bindings: Record<string, Binding>, settings: Settings): OutputPlan[] {
  const isHttp = Object.values(bindings).some(({ type }) => type.toLowerCase() === 'httptrigger')
  return Object.entries(bindings)
    .filter(([, { type }]) => !/trigger$/i.test(type))
    .map(([name, binding]) => planOutput({ functionName, name, binding, settings, isHttp }))
}

interface OutputBinding {
  functionName: string
  name: string
  binding: Binding
  settings: Settings
  /** Whether there is a request to answer. */
  isHttp: boolean
}

function planOutput({ functionName, name, binding, settings, isHttp }: OutputBinding): OutputPlan {
  if (binding.direction !== 'out') {
    throw new Error(`Function "${functionName}" has an input binding, which the local host cannot run: ${binding.type}`)
  }
  const owner = `output "${name}" of function "${functionName}"`
  const text = (key: string, fallback?: string) => bindingText({ owner, binding, key, settings }, fallback)
  const filled = (key: string) => {
    const value = text(key)
    if (value.trim() === '') throw new Error(`${key} of ${owner} must not be empty: current value is "${value}"`)
    return value
  }
  switch (binding.type.toLowerCase()) {
    case 'http':
      if (!isHttp) throw new Error(`${owner} is of type http, but no httpTrigger starts that function`)
      return { type: 'http', name }
    case 'queue': {
      const queueName = filled('queueName')
      const connection = storageConnection(text('connection', ''), owner, settings)
      return { type: 'queue', name, queueName: parseExpression(queueName, `queueName of ${owner}`), connection }
    }
    case 'eventhub': {
      const eventHubName = parseExpression(filled('eventHubName'), `eventHubName of ${owner}`)
      return { type: 'eventHub', name, eventHubName, connection: connectionOf(filled('connection'), owner, settings) }
    }
    case 'blob': {
      const connection = storageConnection(text('connection', ''), owner, settings)
      return { type: 'blob', name, ...blobPath(filled('path'), `path of ${owner}`), connection }
    }
    default:
      throw new Error(
        `Function "${functionName}" has an output the local host cannot run: ${binding.type}. It runs http, queue, eventHub and blob`,
      )
  }
}

function storageConnection(setting: string, owner: string, settings: Settings): string {
  const connection = connectionOf(setting, owner, settings)
  parseStorageConnection(connection, `connection of ${owner}`)
  return connection
}

/** "container/blob"; everything behind the first slash is the blob's name. */
function blobPath(path: string, what: string): { container: BindingExpression; blob: BindingExpression } {
  const [, container, blob] = /^\/?([^/]+)\/(.+)$/s.exec(path) ?? []
  if (container === undefined || blob === undefined) {
    throw new Error(`${what} must be "container/blob": current value is "${path}"`)
  }
  return { container: parseExpression(container, what), blob: parseExpression(blob, what) }
}
