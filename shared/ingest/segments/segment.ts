import type { Blobs } from '../../ports.ts'
import type { Delivered } from '../delivered.ts'

/**
 * A file of events as a hub delivered them, one JSON line each, that waits to be folded into bronze's table. Its name
 * says which sequence numbers it spans: what is delivered again in another cut is another file and takes nothing from
 * one that was written before.
 */
export interface Segment {
  path: string
  bytes: number
  partition: string
  first: number
  last: number
}

const folder = (hub: string) => `bronze/_segments/${hub}/`
const segmentName = /\/date=[\d-]{10}\/(.+)-(\d{12,})-(\d{12,})\.ndjson$/

/** Where the events of one partition, one at least, are kept until they are folded. */
export function segmentPath(hub: string, partition: string, events: readonly Delivered[]): string {
  const [first, last] = [events[0], events.at(-1)]
  if (!first || !last) throw new RangeError('Cannot name a segment as it must hold an event')
  const name = [partition, padded(first.sequenceNumber), padded(last.sequenceNumber)].join('-')
  return `${folder(hub)}date=${first.enqueuedAt.slice(0, 10)}/${name}.ndjson`
}

/** The segments of a hub: those of one partition in the order of their first events. */
export async function* segmentsOf(hub: string, { list }: Pick<Blobs, 'list'>): AsyncIterable<Segment> {
  for await (const { path, bytes } of list(folder(hub))) {
    const [, partition, first, last] = segmentName.exec(path) ?? []
    if (partition !== undefined) yield { path, bytes, partition, first: Number(first), last: Number(last) }
  }
}

const padded = (sequenceNumber: number) => sequenceNumber.toString().padStart(12, '0')
