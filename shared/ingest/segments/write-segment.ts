import type { Ports } from '../../ports.ts'
import type { Delivered } from '../delivered.ts'
import { segmentPath } from './segment.ts'

/** Keeps a batch of one partition for bronze, as it came; an empty one leaves nothing. */
export async function writeSegment(
  hub: string,
  { partition, events }: { partition: string; events: readonly Delivered[] },
  { blobs }: Pick<Ports, 'blobs'>,
): Promise<void> {
  const [first] = events
  if (!first) return
  const batch = JSON.stringify(`${partition}-${first.sequenceNumber}`)
  const place = `{"_partition":${JSON.stringify(partition)},"_batch_id":${batch},"_sequence_number":`
  // The event comes last: whoever folds the segment takes it from there to the end of the line, to the letter.
  const lines = events.map(
    ({ sequenceNumber, enqueuedAt, body }) =>
      `${place}${sequenceNumber},"_enqueued_at":"${enqueuedAt}","event":${JSON.stringify(body)}}\n`,
  )
  await blobs.write(segmentPath(hub, partition, events), Buffer.from(lines.join('')))
}
