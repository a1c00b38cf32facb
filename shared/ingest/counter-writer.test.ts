import { expect, test } from 'vitest'
import { counted } from '../../tests/counted.ts'
import { eventId, noon } from '../../tests/events.ts'
import { faultyPorts, interceptedPorts, WorkerStruck } from '../../tests/faulty-ports.ts'
import { memoryPorts } from '../adapters/memory/ports.ts'
import { decayedValue } from '../algorithms/popularity.ts'
import type { Documents } from '../ports.ts'
import { collections } from '../schemas/collections.ts'
import { counterLimits, countersId, laterCountersId } from '../schemas/counters.ts'
import { ItemId, UserId } from '../schemas/ids.ts'
import type { EventType, Interaction } from '../schemas/interaction.ts'
import { CounterWriter } from './counter-writer.ts'
import type { Sequenced } from './delivered.ts'

const minuteMs = 60_000
const popularity = { halfLifeMs: 60 * minuteMs }

/** An interaction so many minutes after noon. */
function interaction(
  sequenceNumber: number,
  [itemId, type, minutes]: [itemId: string, type: EventType, minutes: number],
  value?: number,
): Sequenced {
  const at = noon + minutes * minuteMs
  const of: Interaction = {
    ...{
      eventId: eventId(sequenceNumber),
      userId: UserId.parse('anna'),
      itemId: ItemId.parse(itemId),
      type,
      at,
      value,
    },
    ...{ sessionId: undefined, orderId: undefined, quantity: 1 },
  }
  return { sequenceNumber, enqueuedAt: at, shortId: sequenceNumber.toString(36).padStart(6, '0'), interaction: of }
}

const countersOf = (documents: Documents, of = popularity) => counted('0', of, documents)

/** Counts a batch as a worker that was just started. */
const countInteractions = (
  partition: string,
  batch: readonly Sequenced[],
  of: typeof popularity,
  documents: Documents,
) => new CounterWriter(of).apply(partition, batch, documents)

/** What an item is worth at a moment, so many minutes after noon. */
async function worth(itemId: string, minutes: number, documents: Documents, { halfLifeMs } = popularity) {
  const { at, values } = await countersOf(documents, { halfLifeMs })
  return decayedValue({ value: values[itemId] ?? 0, at }, noon + minutes * minuteMs, halfLifeMs)
}

test('an event adds the weight of its type, and a thumb down takes away', async () => {
  const { documents } = memoryPorts()
  await countInteractions(
    '0',
    [
      interaction(1, ['pen', 'view', 0]),
      interaction(2, ['pen', 'purchase', 0]),
      interaction(3, ['cup', 'add_to_cart', 0]),
      interaction(4, ['cup', 'feedback', 0], -1),
      interaction(5, ['tea', 'rating', 0], 4),
    ],
    popularity,
    documents,
  )
  expect(await countersOf(documents)).toMatchObject({ applied: 5, values: { pen: 11, tea: 2, cup: 1 } })
})

test('popularity halves with every half-life, and an old event that comes late adds what is left of it', async () => {
  const { documents } = memoryPorts()
  await countInteractions('0', [interaction(1, ['pen', 'purchase', 0])], popularity, documents)
  await countInteractions('0', [interaction(2, ['cup', 'purchase', 120])], popularity, documents)
  await countInteractions('0', [interaction(3, ['tea', 'purchase', 60])], popularity, documents)
  expect(await worth('cup', 120, documents)).toBeCloseTo(10, 2)
  expect(await worth('tea', 120, documents)).toBeCloseTo(5, 2)
  expect(await worth('pen', 120, documents)).toBeCloseTo(2.5, 2)
})

test('a value decays on a busy hub too, where each batch moves time by milliseconds', async () => {
  const { documents } = memoryPorts()
  const short = { halfLifeMs: minuteMs }
  await countInteractions('0', [interaction(1, ['pen', 'view', 0])], short, documents)
  for (let batch = 1; batch <= 3000; batch++) {
    await countInteractions('0', [interaction(1 + batch, ['cup', 'view', batch / 3000])], short, documents)
  }
  expect(await worth('pen', 1, documents, short)).toBeCloseTo(0.5, 2)
  // One view every 20 ms for a half-life: the integral of 2^-t is 0.5 / ln 2.
  expect(await worth('cup', 1, documents, short)).toBeCloseTo((3000 * 0.5) / Math.log(2), -1)
})

test('no order or cut of the events changes what items are worth', async () => {
  const events = [0, 7, 30, 31, 90].map((minutes, index) => interaction(index, ['pen', 'view', minutes]))
  const worths = []
  for (const cut of [1, 2, 5]) {
    const { documents } = memoryPorts()
    for (let from = 0; from < events.length; from += cut) {
      await countInteractions('0', events.slice(from, from + cut), popularity, documents)
    }
    worths.push(await worth('pen', 90, documents))
  }
  const expected = [90, 83, 60, 59, 0].reduce((sum, age) => sum + 2 ** (-age / 60), 0)
  for (const found of worths) expect(found).toBeCloseTo(expected, 2)
})

test('what was counted is not counted again, also by a worker that read an older version', async () => {
  const { documents } = memoryPorts()
  const first = [interaction(1, ['pen', 'view', 0]), interaction(2, ['pen', 'view', 0])]
  const longer = [...first, interaction(3, ['pen', 'view', 0])]
  await Promise.all([first, longer, longer].map(batch => countInteractions('0', batch, popularity, documents)))
  await countInteractions('0', longer, popularity, documents)
  expect(await countersOf(documents)).toMatchObject({ applied: 3, values: { pen: 3 } })
})

test('partitions count apart', async () => {
  const { documents } = memoryPorts()
  await countInteractions('0', [interaction(5, ['pen', 'view', 0])], popularity, documents)
  await countInteractions('1', [interaction(5, ['pen', 'view', 0])], popularity, documents)
  expect((await countersOf(documents)).values).toEqual({ pen: 1 })
})

test('the items with the smallest values leave when there are too many, and worthless ones at once', async () => {
  const { documents } = memoryPorts()
  const views = Array.from({ length: counterLimits.items }, (_, item) => interaction(item, [`i${item}`, 'click', 0]))
  const purchase = interaction(counterLimits.items, ['pen', 'purchase', 0])
  await countInteractions('0', [...views, purchase], popularity, documents)
  const { values } = await countersOf(documents)
  expect(Object.keys(values)).toHaveLength(counterLimits.items)
  expect(values.pen).toBe(10)
  await countInteractions('0', [interaction(9999, ['cup', 'view', 12 * 60])], popularity, documents)
  expect((await countersOf(documents)).values).toEqual({ cup: 1 })
})

/** As many views of different items as make the later part full, from a sequence number on. */
const manyItems = (from: number): Sequenced[] =>
  Array.from({ length: counterLimits.laterItems }, (_, item) => interaction(from + item, [`i${item}`, 'view', 0]))

test('a batch writes the small later part; when that is full it is folded into the counters and begins anew', async () => {
  const { documents } = memoryPorts()
  const writer = new CounterWriter(popularity)
  const stored = async (id: string) => (await documents.read(collections.counters, { id, partition: id }))?.document
  await writer.apply('0', [interaction(1, ['pen', 'view', 0])], documents)
  expect(await stored(countersId('0'))).toBeUndefined()
  await writer.apply('0', manyItems(2), documents)
  const full = 1 + counterLimits.laterItems
  expect(await stored(countersId('0'))).toMatchObject({ applied: full, values: { pen: 1, i0: 1 } })
  await writer.apply('0', [interaction(full + 1, ['cup', 'view', 0])], documents)
  expect(await stored(laterCountersId('0'))).toMatchObject({ since: full, applied: full + 1, values: { cup: 1 } })
  expect((await countersOf(documents)).values).toMatchObject({ pen: 1, i0: 1, cup: 1 })
})

test('a worker that dies at any operation of a fold leaves every event counted once', async () => {
  const batches = [manyItems(1), [interaction(900, ['pen', 'view', 0])], manyItems(1000)]
  for (const loses of ['effect', 'answer'] as const) {
    for (let at = 1; at <= 12; at++) {
      const ports = memoryPorts()
      const struck = faultyPorts(ports, { at, loses, worker: 'dead' })
      let writer = new CounterWriter(popularity)
      let documents = struck.ports.documents
      for (const batch of batches) {
        try {
          await writer.apply('0', batch, documents)
        } catch (cause) {
          expect(cause).toBeInstanceOf(WorkerStruck)
          // The next worker is given the batch again.
          writer = new CounterWriter(popularity)
          documents = ports.documents
          await writer.apply('0', batch, documents)
        }
      }
      const { values } = await countersOf(ports.documents)
      expect(values).toMatchObject({ pen: 1, i0: 2, i127: 2 })
      expect(Object.keys(values)).toHaveLength(1 + counterLimits.laterItems)
    }
  }
})

test('a worker that has the partition to itself reads the documents once', async () => {
  const ports = memoryPorts()
  const operations: string[] = []
  const { documents } = interceptedPorts(ports, async (operation, name) => {
    operations.push(name)
    return operation()
  })
  const writer = new CounterWriter(popularity)
  for (let number = 1; number <= 3; number++) {
    await writer.apply('0', [interaction(number, ['pen', 'view', 0])], documents)
  }
  expect(operations.filter(name => name === 'documents.read counters')).toHaveLength(2)
})
