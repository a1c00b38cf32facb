import { z } from 'zod'
import type { Delivered } from '../../ingest/delivered.ts'

/** The host hands sequence numbers over as numbers, or as a 64-bit pair on some versions. */
const SequenceNumber = z.union([
  z.int(),
  z.object({ low: z.int(), high: z.int() }).transform(({ low, high }) => high * 2 ** 32 + (low >>> 0)),
])

const Metadata = z.object({
  partitionContext: z.object({ partitionId: z.string() }),
  sequenceNumberArray: z.array(SequenceNumber),
  enqueuedTimeUtcArray: z.array(z.string()),
  // Azure's SDKs of before and of now name it so; properties of other senders are anything.
  propertiesArray: z
    .array(z.looseObject({ traceparent: z.string().optional(), 'Diagnostic-Id': z.string().optional() }).catch({}))
    .default([]),
})

type Metadata = z.infer<typeof Metadata>

/**
 * A trigger's events and metadata as one batch of one partition; a partition of hubs that were made anew is another.
 * @throws ZodError when the host sends another shape
 */
export function deliveredBatch(
  events: unknown,
  metadata: unknown,
  { epoch = '' } = {},
): { partition: string; events: Delivered[] } {
  const { partitionContext, sequenceNumberArray, enqueuedTimeUtcArray, propertiesArray } = Metadata.parse(metadata)
  const bodies = z.array(z.unknown()).parse(events)
  if (bodies.length !== sequenceNumberArray.length) {
    throw new Error(
      `Cannot read a batch: ${bodies.length} events came with ${sequenceNumberArray.length} sequence numbers`,
    )
  }
  return {
    partition: `${epoch}${epoch && '.'}${partitionContext.partitionId}`,
    events: bodies.map((body, index) => ({
      sequenceNumber: sequenceNumberArray[index] ?? 0,
      enqueuedAt: utc(enqueuedTimeUtcArray[index] ?? '1970-01-01T00:00:00Z'),
      body,
      ...tracedBy(propertiesArray[index]),
    })),
  }
}

function tracedBy(properties: Metadata['propertiesArray'][number] = {}): Pick<Delivered, 'traceparent'> {
  const traceparent = properties.traceparent ?? properties['Diagnostic-Id']
  return traceparent === undefined ? {} : { traceparent }
}

/** The host may leave the Z off a time that is UTC all the same. */
function utc(time: string): string {
  return new Date(/(Z|[+-]\d\d:\d\d)$/.test(time) ? time : `${time}Z`).toISOString()
}
