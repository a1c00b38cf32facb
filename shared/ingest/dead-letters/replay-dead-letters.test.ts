import { expect, test } from 'vitest'
import { memoryPorts } from '../../adapters/memory/ports.ts'
import { writeDeadLetter } from '../segments/write-dead-letter.ts'
import { deadLetterFiles } from './dead-letters.ts'
import { replayDeadLetters } from './replay-dead-letters.ts'

const reasons = [{ field: 'event_type', reason: 'must be one of view, purchase', value: 'dance' }]
const event = (of: object) => ({
  ...{ schema_version: 1, event_id: crypto.randomUUID(), user_id: 'anna', item_id: 'pen', event_type: 'view' },
  ...{ ts: '2026-01-01T00:00:00Z', ...of },
})

/** Two events of one batch kept aside, and a change of the catalogue. */
async function kept(first: object, second: object) {
  const ports = memoryPorts({ now: Date.UTC(2026, 0, 1) })
  const refused = [first, second].map((body, sequenceNumber) => {
    return { sequenceNumber, enqueuedAt: '2026-01-01T00:00:00Z', body, reasons }
  })
  await writeDeadLetter('interactions', { partition: '0', refused }, ports)
  const change = {
    schema_version: 1,
    change_id: '00000000-0000-4000-8000-00000000000c',
    op: 'delete',
    entity: 'item',
    key: 'pen',
    ts: '2026-01-01T00:00:00Z',
  }
  const letter = { sequenceNumber: 7, enqueuedAt: '2026-01-01T00:00:00Z', body: change, reasons }
  await writeDeadLetter('catalog-changes', { partition: '1', refused: [letter] }, ports)
  return ports
}

test('what the contract takes by now goes to its hub under its key, and only the rest stays', async () => {
  const [good, bad] = [event({}), event({ event_type: 'dance' })]
  const ports = await kept(good, bad)
  const told = await Array.fromAsync(replayDeadLetters('dead-letter/', ports))
  expect(told.map(({ sent, refused }) => [sent, refused.map(({ field }) => field)])).toEqual([
    [1, ['event_type']],
    [1, []],
  ])
  expect(ports.appended.map(({ hub, key, body }) => [hub, key, body])).toMatchObject([
    ['interactions', 'anna', good],
    ['catalog-changes', 'pen', { change_id: '00000000-0000-4000-8000-00000000000c' }],
  ])
  const left = await Array.fromAsync(deadLetterFiles(ports.blobs))
  expect(left.map(({ hub, letters }) => [hub, letters.map(({ body }) => body)])).toEqual([['interactions', [bad]]])
  // Asked again, nothing is sent twice.
  await Array.fromAsync(replayDeadLetters('dead-letter/', ports))
  expect(ports.appended).toHaveLength(2)
})

test('only files of the prefix are replayed', async () => {
  const ports = await kept(event({}), event({}))
  await Array.fromAsync(replayDeadLetters('dead-letter/catalog-changes/', ports))
  expect(ports.appended.map(({ hub }) => hub)).toEqual(['catalog-changes'])
})

test('what would not be stored is not taken out: a hub that refuses leaves the file as it is', async () => {
  const ports = await kept(event({}), event({}))
  const eventLog = { append: async () => Promise.reject(new Error('hub is away')) }
  await expect(Array.fromAsync(replayDeadLetters('dead-letter/', { ...ports, eventLog }))).rejects.toThrow(
    'hub is away',
  )
  expect((await Array.fromAsync(deadLetterFiles(ports.blobs))).map(({ letters }) => letters.length)).toEqual([2, 1])
})
