import type { InvocationResponse, TypedData } from '../app/core-types.ts'
import { parseStorageConnection, type StorageAccount } from '../storage/storage-account.ts'
import { bindingDataOf } from './binding-data.ts'
import { type BindingData, type BindingExpression, resolveExpression } from './binding-expression.ts'
import type { OutputPlan } from './output-plan.ts'
import type { EventHubWriter } from './write-event-hub.ts'

/** What the expressions of an output may draw on. */
interface Trigger {
  functionName: string
  data: TypedData
  triggerMetadata?: Record<string, TypedData>
}

export interface Outputs {
  /**
   * Writes what an invocation gave to its output bindings; resolves with the answer to its trigger once all are written.
   * @throws Error naming the output when one cannot be written; the others are written all the same
   */
  write(response: InvocationResponse, trigger: Trigger): Promise<InvocationResponse>
  close(): Promise<void>
}

interface OutputsOptions {
  /** The outputs of each function by its name. */
  plans: Map<string, OutputPlan[]>
  /** messageEncoding of host.json. */
  base64: boolean
}

/** The output bindings of the functions of one worker. */
export function openOutputs({ plans, base64 }: OutputsOptions): Outputs {
  // Most functions only answer their trigger, which is none of this module's work.
  const writing = new Map([...plans].filter(([, outputs]) => outputs.some(({ name, type }) => !isAnswer(name, type))))
  const accounts = new Map<string, StorageAccount>()
  let hubs: Promise<EventHubWriter> | undefined

  function accountOf(connection: string): StorageAccount {
    const account = accounts.get(connection) ?? parseStorageConnection(connection, 'connection')
    accounts.set(connection, account)
    return account
  }
  // Each kind of output is loaded with its first value: the SDK of the event hub alone costs 40 MB.
  async function writeOne(plan: OutputPlan, data: TypedData, resolve: (part: BindingExpression) => string) {
    switch (plan.type) {
      case 'http':
        return
      case 'queue': {
        const { writeQueue } = await import('./write-queue.ts')
        const queueName = resolve(plan.queueName)
        return writeQueue({ account: accountOf(plan.connection), queueName, base64 }, data)
      }
      case 'blob': {
        const { writeBlob } = await import('./write-blob.ts')
        const [container, blob] = [resolve(plan.container), resolve(plan.blob)]
        return writeBlob({ account: accountOf(plan.connection), container, blob }, data)
      }
      case 'eventHub': {
        hubs ??= import('./write-event-hub.ts').then(({ eventHubWriter }) => eventHubWriter())
        return (await hubs).write(plan.connection, resolve(plan.eventHubName), data)
      }
    }
  }

  return {
    write: async (response, trigger) => {
      const outputs = writing.get(trigger.functionName)
      if (outputs === undefined) return response
      const { functionName } = trigger
      let bindingData: BindingData | undefined
      const dataOf = () => {
        bindingData ??= bindingDataOf(trigger.data, trigger.triggerMetadata)
        return bindingData
      }
      const resolve = (part: BindingExpression) =>
        resolveExpression(part, dataOf, { functionName, now: () => new Date() })
      const values = valuesOf(response)
      const writes = outputs.map(async plan => {
        const data = values.get(plan.name)
        if (data === undefined) return
        await writeOne(plan, data, resolve).catch((cause: Error) => {
          throw new Error(`Cannot write ${plan.type} output "${plan.name}" of "${functionName}": ${cause.message}`, {
            cause,
          })
        })
      })
      for (const written of await Promise.allSettled(writes)) if (written.status === 'rejected') throw written.reason
      return answerOf(response, outputs, values)
    },
    close: async () => (await hubs)?.close(),
  }
}

function isAnswer(name: string, type: OutputPlan['type']): boolean {
  return type === 'http' && name === '$return'
}

/** The values that were given, by binding name; null and undefined are none. */
function valuesOf({ outputData = [], returnValue }: InvocationResponse): Map<string, TypedData> {
  const values = new Map<string, TypedData>()
  for (const { name, data } of outputData) values.set(name, data)
  if (returnValue) values.set('$return', returnValue)
  return values
}

/** An HTTP function may give its answer to another output than what it returns; what it returns goes first. */
function answerOf(
  response: InvocationResponse,
  outputs: OutputPlan[],
  values: Map<string, TypedData>,
): InvocationResponse {
  const answers = outputs.filter(({ type }) => type === 'http').map(({ name }) => values.get(name))
  return { ...response, returnValue: answers.find(answer => answer !== undefined) ?? null }
}
