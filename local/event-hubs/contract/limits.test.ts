import { describe, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { bodies, consumerOf, endOf, listen, producerOf, receive } from './clients.ts'
import { openEndpoint } from './endpoint.ts'
import { pages } from './pages.ts'

const at = await openEndpoint()
const rule = contract(pages)

describe('limits', () => {
  rule('quotas', 'a batch may be as large as the tier says: 256 KB in basic, 1 MB above', async () => {
    const { maxSizeInBytes } = await producerOf(at).createBatch()
    expect([262_144, 1_048_576]).toContain(maxSizeInBytes)
  })

  rule('batch', 'the largest batch the client builds is stored', async () => {
    const producer = producerOf(at)
    const from = await endOf(producer)
    const batch = await producer.createBatch({ partitionId: '0' })
    const body = Buffer.alloc(batch.maxSizeInBytes - 2_000, 'x')
    expect(batch.tryAdd({ body })).toBe(true)
    while (batch.tryAdd({ body: 'more' })) expect(batch.sizeInBytes).toBeLessThanOrEqual(batch.maxSizeInBytes)
    await producer.sendBatch(batch)
    const events = await receive(consumerOf(at), { from, count: batch.count })
    expect(body.equals(Buffer.from(events[0]?.body))).toBe(true)
    expect(bodies(events).slice(1)).toEqual(Array.from({ length: batch.count - 1 }, () => 'more'))
  })

  rule('batch', 'an event that does not fit is not added', async () => {
    const batch = await producerOf(at).createBatch()
    expect(batch.tryAdd({ body: Buffer.alloc(batch.maxSizeInBytes) })).toBe(false)
    expect(batch.count).toBe(0)
  })

  rule('quotas', 'a larger publication is refused whether it is one event or many, and stores nothing', async () => {
    const producer = producerOf(at)
    const { maxSizeInBytes } = await producer.createBatch()
    const before = await endOf(producer)
    const half = { body: Buffer.alloc(Math.ceil(maxSizeInBytes / 2)) }
    for (const events of [[{ body: Buffer.alloc(maxSizeInBytes + 1) }], [half, half]]) {
      await expect(producer.sendBatch(events, { partitionId: '0' })).rejects.toMatchObject({
        code: 'MessageTooLargeError',
      })
    }
    expect(await endOf(producer)).toEqual(before)
  })

  rule('quotas', 'a producer goes on after a publication that was too large', async () => {
    const producer = producerOf(at)
    const { maxSizeInBytes } = await producer.createBatch()
    const { sequenceNumber } = await endOf(producer)
    const tooLarge = [{ body: Buffer.alloc(maxSizeInBytes + 1) }]
    await expect(producer.sendBatch(tooLarge, { partitionId: '0' })).rejects.toThrow()
    await producer.sendBatch([{ body: 'small' }], { partitionId: '0' })
    expect(await endOf(producer)).toEqual({ sequenceNumber: sequenceNumber + 1 })
  })

  rule('quotas', 'five receivers without an owner level share a partition, a sixth is refused', async () => {
    const producer = producerOf(at)
    const from = await endOf(producer)
    await producer.sendBatch([{ body: 'shared' }], { partitionId: '0' })
    const five = Array.from({ length: 5 }, () => listen(consumerOf(at), { from }))
    for (const receiver of five) await receiver.has('shared')
    await expect(receive(consumerOf(at), { from, count: 1 })).rejects.toMatchObject({ code: 'QuotaExceededError' })
    await five[0]?.close()
    expect(await receive(consumerOf(at), { from, count: 1 })).toHaveLength(1)
  })

  rule('quotas', 'the five are counted for each partition', async () => {
    const producer = producerOf(at)
    const starts = { '0': await endOf(producer, '0'), '1': await endOf(producer, '1') }
    for (const partitionId of ['0', '1']) await producer.sendBatch([{ body: 'shared' }], { partitionId })
    for (const partition of ['0', '1'] as const) {
      for (let i = 0; i < 4; i++) await listen(consumerOf(at), { partition, from: starts[partition] }).has('shared')
    }
  })
})
