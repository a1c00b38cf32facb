import { EventHubProducerClient } from '@azure/event-hubs'
import { z } from 'zod'
import type { BatchOutcome } from './post-batch.ts'

/** Where replayed events go. */
export interface Sender extends AsyncDisposable {
  send: (events: readonly unknown[]) => Promise<BatchOutcome>
}

const Keyed = z.object({ key: z.string().min(1) })

/**
 * Sends events to a hub as a producer would, each to the partition of its `key`, those of one key in their order; an event
 * without a key is rejected, and all others are for the app to judge.
 */
export function hubSender(connectionString: string, hub: string): Sender {
  const producer = new EventHubProducerClient(connectionString, hub)
  // Batches of one key must not overtake each other: one is on its way at a time.
  let last: Promise<unknown> = Promise.resolve()
  return {
    send: events => {
      const sending = last.then(() => sendByKey(producer, events))
      last = sending.catch(() => undefined)
      return sending
    },
    [Symbol.asyncDispose]: () => producer.close(),
  }
}

async function sendByKey(producer: EventHubProducerClient, events: readonly unknown[]): Promise<BatchOutcome> {
  const rejected: BatchOutcome['rejected'] = []
  const byKey = new Map<string, unknown[]>()
  for (const [index, body] of events.entries()) {
    const keyed = Keyed.safeParse(body)
    if (!keyed.success) rejected.push({ index, reason: 'key must be the id of what is changed' })
    else byKey.set(keyed.data.key, [...(byKey.get(keyed.data.key) ?? []), body])
  }
  await Promise.all(
    [...byKey].map(([partitionKey, bodies]) =>
      producer.sendBatch(
        bodies.map(body => ({ body })),
        { partitionKey },
      ),
    ),
  )
  return { accepted: events.length - rejected.length, rejected }
}
