import type { Ports } from '../../ports.ts'
import type { Delivered } from '../delivered.ts'

/** An event that its contract refuses, and why. */
export interface Refused extends Delivered {
  reasons: { field: string; reason: string; value: unknown }[]
}

/** Keeps what cannot be taken in, in a file named by partition and first sequence number: a second try overwrites it. */
export async function writeDeadLetter(
  hub: string,
  { partition, refused }: { partition: string; refused: readonly Refused[] },
  { blobs, clock }: Pick<Ports, 'blobs' | 'clock'>,
): Promise<void> {
  const first = refused[0]
  if (!first) return
  const rejectedAt = new Date(clock()).toISOString()
  const lines = refused.map(({ sequenceNumber, enqueuedAt, reasons, body }) =>
    JSON.stringify({
      partition,
      sequence_number: sequenceNumber,
      enqueued_at: enqueuedAt,
      rejected_at: rejectedAt,
      reasons,
      body,
    }),
  )
  const name = `${partition}-${first.sequenceNumber.toString().padStart(12, '0')}.ndjson`
  const path = `dead-letter/${hub}/date=${first.enqueuedAt.slice(0, 10)}/${name}`
  await blobs.write(path, Buffer.from(`${lines.join('\n')}\n`))
}
