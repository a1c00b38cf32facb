import { z } from 'zod'
import type { Delivered } from '../../ingest/ingest-batch.ts'

/** The host hands sequence numbers over as numbers, or as a 64-bit pair on some versions. */
const SequenceNumber = z.union([
  z.int(),
  z.object({ low: z.int(), high: z.int() }).transform(({ low, high }) => high * 2 ** 32 + (low >>> 0)),
])

const Metadata = z.object({
  partitionContext: z.object({ partitionId: z.string() }),
  sequenceNumberArray: z.array(SequenceNumber),
  enqueuedTimeUtcArray: z.array(z.string()),
})

/** A trigger's events and metadata as one batch of one partition. @throws ZodError when the host sends another shape */
export function deliveredBatch(events: unknown, metadata: unknown): { partition: string; events: Delivered[] } {
  const { partitionContext, sequenceNumberArray, enqueuedTimeUtcArray } = Metadata.parse(metadata)
  const bodies = z.array(z.unknown()).parse(events)
  if (bodies.length !== sequenceNumberArray.length) {
    throw new Error(
      `Cannot read a batch: ${bodies.length} events came with ${sequenceNumberArray.length} sequence numbers`,
    )
  }
  return {
    partition: partitionContext.partitionId,
    events: bodies.map((body, index) => ({
      sequenceNumber: sequenceNumberArray[index] ?? 0,
      enqueuedAt: new Date(enqueuedTimeUtcArray[index] ?? 0).toISOString(),
      body,
    })),
  }
}
