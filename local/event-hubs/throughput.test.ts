import { describe, expect, test } from 'vitest'
import { temporaryBroker } from './broker-fixture.ts'
import { consumerOf, producerOf, receive } from './contract/clients.ts'
import { ThroughputMeter, throughputOf } from './throughput.ts'

const hub = 'interactions'

describe('throughput units', () => {
  test('a second of events may pass at once, then nothing until time has passed', () => {
    let nowMs = 0
    const { ingress } = throughputOf(1, () => nowMs)
    ingress.take({ bytes: 1, events: 1_000 })
    expect(ingress.waitMs()).toBeGreaterThan(0)
    nowMs = 100
    expect(ingress.waitMs()).toBe(0)
    ingress.take({ bytes: 1, events: 100 })
    expect(ingress.waitMs()).toBeGreaterThan(0)
  })

  test('bytes are counted as well as events, and more units allow more of both', () => {
    const { ingress, egress } = throughputOf(2, () => 0)
    for (const [meter, bytes, events] of [
      [ingress, 2_097_152, 2_000],
      [egress, 4_194_304, 8_192],
    ] as const) {
      meter.take({ bytes: bytes - 1, events: events - 1 })
      expect(meter.waitMs()).toBe(0)
      meter.take({ bytes: 1, events: 0 })
      expect(meter.waitMs()).toBeGreaterThan(0)
    }
  })

  test('a batch larger than a second passes and is paid off afterwards', () => {
    let nowMs = 0
    const meter = new ThroughputMeter({ bytes: 1_000_000, events: 1_000 }, () => nowMs)
    meter.take({ bytes: 1, events: 3_000 })
    expect(meter.waitMs()).toBe(2_001)
    nowMs = 2_000
    expect(meter.waitMs()).toBe(1)
    nowMs = 2_001
    expect(meter.waitMs()).toBe(0)
  })

  test('unused throughput is not saved up beyond a second, and a clock set back gives none', () => {
    let nowMs = 10_000
    const meter = new ThroughputMeter({ bytes: 1_000_000, events: 1_000 }, () => nowMs)
    nowMs = 60_000
    meter.take({ bytes: 1, events: 1_000 })
    nowMs = 0
    expect(meter.waitMs()).toBeGreaterThan(0)
  })

  test('1 to 40 units are what Azure sells', () => {
    for (const units of [0, 41, 1.5]) {
      expect(() => throughputOf(units, Date.now)).toThrow(`Throughput units must be 1 to 40: current value is ${units}`)
    }
  })

  test('a producer that sends more is told that the server is busy, until time has passed', async () => {
    let nowMs = Date.now()
    const { connectionString } = await temporaryBroker({ throughputUnits: 1, now: () => nowMs })
    const producer = producerOf({ connectionString, hub })
    const events = Array.from({ length: 1_000 }, (_, body) => ({ body }))
    await producer.sendBatch(events, { partitionId: '0' })
    await expect(producer.sendBatch([{ body: 'one more' }], { partitionId: '0' })).rejects.toMatchObject({
      code: 'ServerBusyError',
      retryable: true,
      message: expect.stringContaining('Error code : 50002'),
    })
    nowMs += 1_000
    await producer.sendBatch([{ body: 'one more' }], { partitionId: '0' })
    expect((await producer.getPartitionProperties('0')).lastEnqueuedSequenceNumber).toBe(1_000)
  })

  test('receivers get no more than the egress of the namespace, without an error', async () => {
    const { connectionString } = await temporaryBroker({ throughputUnits: 1, tier: 'standard' })
    await producerOf({ connectionString, hub }).sendBatch([{ body: Buffer.alloc(1_000_000) }], { partitionId: '0' })
    const consumer = consumerOf({ connectionString, hub })
    const started = performance.now()
    for (let read = 0; read < 6; read++) await receive(consumer, { from: { offset: '-1' }, count: 1 })
    // Of 6 MB two go at once, and the last may leave a debt.
    expect(performance.now() - started).toBeGreaterThan(1_400)
  })
})
