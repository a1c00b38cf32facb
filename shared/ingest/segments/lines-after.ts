import { z } from 'zod'

const Placed = z.object({ _sequence_number: z.int() })

/**
 * The lines of a segment whose sequence numbers are greater than `after`: all of them as they are where the segment
 * begins behind it, as nearly every one does.
 */
export function linesAfter(after: number, { first }: { first: number }, bytes: Uint8Array): Uint8Array {
  if (first > after) return bytes
  const lines = Buffer.from(bytes).toString().split('\n').filter(Boolean)
  const later = lines.filter(line => Placed.parse(JSON.parse(line))._sequence_number > after)
  return Buffer.from(later.map(line => `${line}\n`).join(''))
}
