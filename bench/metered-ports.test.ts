import { expect, test } from 'vitest'
import { memoryPorts } from '../shared/adapters/memory/ports.ts'
import { collections } from '../shared/schemas/collections.ts'
import { meteredPorts } from './metered-ports.ts'
import { timeMeter, type Wait } from './time-meter.ts'

test('meteredPorts() tells the ledger from what is published, and reading from writing', async () => {
  const asked: Wait[] = []
  const meter = timeMeter('only')
  const { ports, charged } = meteredPorts(memoryPorts(), {
    ...meter,
    during: (wait, work) => {
      asked.push(wait)
      return meter.during(wait, work)
    },
  })
  await ports.documents.read(collections.leases, { id: 'lease', partition: 'lease-refresh' })
  await ports.documents.metered().read(collections.livePointer, { id: 'live', partition: 'live' })
  await ports.blobs.write('runs/a', new Uint8Array(2 ** 20))
  await ports.blobs.readRange('runs/a', 0, 2 ** 19)
  for await (const _ of ports.blobs.list('runs/'));
  await ports.queue.send('run-chunks', {})
  expect(asked).toEqual([
    ...['coordination', 'cosmos', 'writing_blobs', 'reading_blobs'],
    ...['reading_blobs', 'reading_blobs', 'coordination'],
  ])
  expect(charged()).toMatchObject({ blob_reads: 1, blob_writes: 1, blob_mb_read: 0.5, blob_mb_written: 1 })
})
