import fc from 'fast-check'
import rhea from 'rhea'
import { describe, expect, test } from 'vitest'
import { batchFormat, incomingEvents } from './incoming-events.ts'
import { lastEnqueuedAnnotations, storedMessage, withDeliveryAnnotations } from './stored-message.ts'

const place = { sequence: 2 ** 40 - 1, offset: 123, enqueuedMs: 1_700_000_000_000 }

describe('incomingEvents', () => {
  test('an event keeps its sections and gains its place and the key of its batch', () => {
    const event = rhea.message.encode({ message_annotations: { a: 1, 'x-opt-offset': 'mine' }, subject: 's', body: 5 })
    const payload = rhea.message.encode({
      message_annotations: { 'x-opt-partition-key': 'user-1' },
      body: rhea.message.data_sections([event, event]),
    })
    const events = incomingEvents({ format: batchFormat, payload })
    expect(events).toHaveLength(2)
    const stored = events.map(each => storedMessage(each, place))[1] ?? Buffer.alloc(0)
    const annotated = withDeliveryAnnotations(stored, lastEnqueuedAnnotations(place, place.enqueuedMs))
    expect(rhea.message.decode(annotated)).toMatchObject({
      subject: 's',
      body: 5,
      message_annotations: {
        a: 1,
        'x-opt-sequence-number': place.sequence,
        'x-opt-offset': '123',
        'x-opt-enqueued-time': new Date(place.enqueuedMs),
        'x-opt-partition-key': 'user-1',
      },
      delivery_annotations: { last_enqueued_sequence_number: place.sequence, last_enqueued_offset: '123' },
    })
  })

  test('any bytes are either events or refused with a RangeError', () => {
    const event = rhea.message.encode({ message_annotations: { a: 1 }, body: 'text' })
    const payload = rhea.message.encode({ body: rhea.message.data_sections([event]) })
    const changed = fc
      .tuple(fc.nat(payload.length - 1), fc.nat(255), fc.nat(payload.length))
      .map(([at, byte, length]) => {
        const bytes = Buffer.from(payload)
        bytes[at] = byte
        return bytes.subarray(0, length)
      })
    const anyBytes = fc.uint8Array({ maxLength: 40 }).map(bytes => Buffer.from(bytes))
    fc.assert(
      fc.property(fc.oneof(changed, anyBytes), fc.constantFrom(0, batchFormat), (bytes, format) => {
        try {
          expect(incomingEvents({ format, payload: bytes }).length).toBeGreaterThan(0)
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError)
        }
      }),
      { numRuns: 2_000, seed: 1 },
    )
  })
})
