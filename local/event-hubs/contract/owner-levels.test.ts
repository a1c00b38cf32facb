import { describe, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { consumerOf, endOf, listen, producerOf, receive } from './clients.ts'
import { openEndpoint } from './endpoint.ts'
import { pages } from './pages.ts'

const at = await openEndpoint()
const rule = contract(pages)

describe('owner level', () => {
  rule(
    'subscribe',
    'a higher one takes the partition, and the receiver before learns that it was disconnected',
    async () => {
      const { from, open } = await partitionWithEvent()
      const old = await open(1)
      const [event] = await receive(consumerOf(at), { from, count: 1, ownerLevel: 2 })
      expect(event?.body).toBe('event')
      expect(await old.ended).toMatchObject({
        code: 'ReceiverDisconnectedError',
        message: expect.stringContaining("higher epoch of '2' is created hence current receiver"),
      })
    },
  )

  rule('subscribe', 'the same one takes the partition from the receiver before', async () => {
    const { from, open } = await partitionWithEvent()
    const old = await open(1)
    await receive(consumerOf(at), { from, count: 1, ownerLevel: 1 })
    expect(await old.ended).toMatchObject({ code: 'ReceiverDisconnectedError' })
  })

  rule('subscribe', 'a lower one is refused and the owner keeps receiving', async () => {
    const { from, open, producer } = await partitionWithEvent()
    const owner = await open(5)
    await expect(receive(consumerOf(at), { from, count: 1, ownerLevel: 4 })).rejects.toMatchObject({
      code: 'ReceiverDisconnectedError',
      message: expect.stringContaining("with a higher epoch '5' already exists"),
    })
    await producer.sendBatch([{ body: 'later' }], { partitionId: '0' })
    await owner.has('later')
  })

  rule('subscribe', 'a receiver without one is refused beside an owner', async () => {
    const { from, open } = await partitionWithEvent()
    await open(1)
    await expect(receive(consumerOf(at), { from, count: 1 })).rejects.toMatchObject({
      code: 'ReceiverDisconnectedError',
      message: expect.stringContaining('non-epoch receiver is not allowed'),
    })
  })

  rule('subscribe', 'an owner disconnects the receivers without one', async () => {
    const { open } = await partitionWithEvent()
    const readers = [await open(undefined), await open(undefined)]
    await open(1)
    for (const { ended } of readers) expect(await ended).toMatchObject({ code: 'ReceiverDisconnectedError' })
  })

  rule('subscribe', 'it holds for one partition only', async () => {
    const { open, producer } = await partitionWithEvent()
    await open(7)
    const from = await endOf(producer, '1')
    await producer.sendBatch([{ body: 'beside' }], { partitionId: '1' })
    expect(await receive(consumerOf(at), { partition: '1', from, count: 1, ownerLevel: 1 })).toHaveLength(1)
  })

  rule('subscribe', 'it ends with the receiver: a lower one, or none, may follow', async () => {
    const { from, open } = await partitionWithEvent()
    const owner = await open(9)
    await owner.close()
    expect(await receive(consumerOf(at), { from, count: 1, ownerLevel: 1 })).toHaveLength(1)
    expect(await receive(consumerOf(at), { from, count: 1 })).toHaveLength(1)
  })
})

/** An event in partition 0, and a way to open receivers that have received it. */
async function partitionWithEvent() {
  const producer = producerOf(at)
  const from = await endOf(producer)
  await producer.sendBatch([{ body: 'event' }], { partitionId: '0' })
  const open = async (ownerLevel: number | undefined) => {
    const receiver = listen(consumerOf(at), { from, ...(ownerLevel === undefined ? {} : { ownerLevel }) })
    await receiver.has('event')
    return receiver
  }
  return { producer, from, open }
}
