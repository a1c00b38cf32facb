import type { TypedData } from '../app/core-types.ts'
import type { QueueMessage } from './storage-queue.ts'

/** triggerMetadata of a message, under the names and in the shapes of the queue extension. */
export function queueMetadata(message: QueueMessage, text: string): Record<string, TypedData> {
  const date = (value: string) => dateOf(new Date(value).toISOString().replace('.000Z', '+00:00'))
  return {
    QueueTrigger: { string: text },
    DequeueCount: { json: String(message.dequeueCount) },
    ExpirationTime: date(message.expiresOn),
    Id: { string: message.messageId },
    InsertionTime: date(message.insertedOn),
    NextVisibleTime: date(message.nextVisibleOn),
    PopReceipt: { string: message.popReceipt },
  }
}

/** triggerMetadata of a start by hand: there is a text, but no message. */
export function manualMetadata(text: string): Record<string, TypedData> {
  const never = dateOf('9999-12-31T23:59:59.9999999+00:00')
  return {
    QueueTrigger: { string: text },
    DequeueCount: { json: '0' },
    ExpirationTime: never,
    InsertionTime: dateOf(new Date().toISOString().replace('Z', '+00:00')),
    NextVisibleTime: never,
  }
}

const dateOf = (text: string): TypedData => ({ json: JSON.stringify(text) })
