import { expect, test } from 'vitest'
import { eventId, noon } from '../../tests/events.ts'
import { interceptedPorts } from '../../tests/faulty-ports.ts'
import { memoryPorts } from '../adapters/memory/ports.ts'
import type { Documents } from '../ports.ts'
import { collections } from '../schemas/collections.ts'
import { ItemId, UserId } from '../schemas/ids.ts'
import { type EventType, eventTypes } from '../schemas/interaction.ts'
import { profileLimits } from '../schemas/profile.ts'
import type { Sequenced } from './delivered.ts'
import { ProfileWriter } from './profile-writer.ts'

/** Anna's event of so many seconds after noon, with the number of its id. */
function event(
  sequenceNumber: number,
  itemId: string,
  of: { second: number; type?: EventType; id?: number; value?: number },
): Sequenced {
  const { second, type = 'view', id = sequenceNumber, value } = of
  const at = noon + second * 1000
  return {
    ...{ sequenceNumber, enqueuedAt: at, shortId: id.toString(36).padStart(6, '0') },
    interaction: {
      ...{ eventId: eventId(id), userId: UserId.parse('anna'), itemId: ItemId.parse(itemId), type, at, quantity: 1 },
      ...{ sessionId: undefined, orderId: undefined, value },
    },
  }
}

const anna = async (documents: Documents) =>
  (await documents.read(collections.profiles, { id: 'profile', partition: 'anna' }))?.document
const recentItems = async (documents: Documents) => (await anna(documents))?.recent.map(([itemId]) => itemId)

test('recent events are kept in the order of their time, whatever order they come in', async () => {
  const { documents } = memoryPorts()
  const profiles = new ProfileWriter()
  const late = [event(1, 'tea', { second: 30 }), event(2, 'pen', { second: 10 }), event(3, 'cup', { second: 20 })]
  await profiles.apply('0', late, documents)
  await profiles.apply('0', [event(4, 'ink', { second: 15, type: 'add_to_cart' })], documents)
  expect(await recentItems(documents)).toEqual(['pen', 'ink', 'cup', 'tea'])
  expect((await anna(documents))?.recent[1]).toEqual([
    'ink',
    eventTypes.indexOf('add_to_cart'),
    noon / 1000 + 15,
    '000004',
  ])
})

test('a rating keeps its value, as what it says depends on it', async () => {
  const { documents } = memoryPorts()
  await new ProfileWriter().apply('0', [event(1, 'tea', { second: 5, type: 'rating', value: 4 })], documents)
  expect((await anna(documents))?.recent).toEqual([['tea', eventTypes.indexOf('rating'), noon / 1000 + 5, '000001', 4]])
})

test('only the last 50 events are kept', async () => {
  const { documents } = memoryPorts()
  const events = Array.from({ length: 60 }, (_, index) => event(index, `i${index}`, { second: index }))
  await new ProfileWriter().apply('0', events, documents)
  const recent = await recentItems(documents)
  expect(recent).toHaveLength(profileLimits.recentEvents)
  expect([recent?.[0], recent?.at(-1)]).toEqual(['i10', 'i59'])
})

test('bought items are kept apart from recent events, each once, newest last, at most 500', async () => {
  const { documents } = memoryPorts()
  const profiles = new ProfileWriter()
  const buy = (sequenceNumber: number, itemId: string) =>
    event(sequenceNumber, itemId, { second: sequenceNumber, type: 'purchase' })
  await profiles.apply('0', [buy(1, 'pen'), event(2, 'tea', { second: 2 }), buy(3, 'cup'), buy(4, 'pen')], documents)
  expect((await anna(documents))?.bought).toEqual(['cup', 'pen'])
  const many = Array.from({ length: profileLimits.boughtItems }, (_, item) => buy(5 + item, `i${item}`))
  await profiles.apply('0', many, documents)
  const { bought = [] } = (await anna(documents)) ?? {}
  expect([bought.length, bought[0], bought.at(-1)]).toEqual([500, 'i0', 'i499'])
})

test('an event id sent twice has one effect, in one batch or in two', async () => {
  const { documents } = memoryPorts()
  const profiles = new ProfileWriter()
  await profiles.apply('0', [event(1, 'pen', { second: 1, id: 7 }), event(2, 'pen', { second: 1, id: 7 })], documents)
  await profiles.apply('0', [event(3, 'pen', { second: 1, id: 7 })], documents)
  expect(await recentItems(documents)).toEqual(['pen'])
  expect((await anna(documents))?.applied).toEqual({ 0: 3 })
})

test('a sequence number taken in is not taken in again; another partition’s is another', async () => {
  const { documents } = memoryPorts()
  await new ProfileWriter().apply('0', [event(5, 'pen', { second: 1 })], documents)
  await new ProfileWriter().apply('0', [event(5, 'cup', { second: 1, id: 99 })], documents)
  expect(await recentItems(documents)).toEqual(['pen'])
  await new ProfileWriter().apply('1', [event(5, 'tea', { second: 2, id: 100 })], documents)
  expect(await recentItems(documents)).toEqual(['pen', 'tea'])
  expect((await anna(documents))?.applied).toEqual({ 0: 5, 1: 5 })
})

test('a worker that remembers an old version loses no event of the other worker', async () => {
  const { documents } = memoryPorts()
  const [first, second] = [new ProfileWriter(), new ProfileWriter()]
  await first.apply('0', [event(1, 'pen', { second: 1 })], documents)
  await second.apply('1', [event(2, 'cup', { second: 2 })], documents)
  await first.apply('0', [event(3, 'tea', { second: 3 })], documents)
  await second.apply('1', [event(4, 'ink', { second: 4 })], documents)
  expect(await recentItems(documents)).toEqual(['pen', 'cup', 'tea', 'ink'])
})

test('an active shopper costs one write a batch and no read; one forgotten is read again', async () => {
  const operations: string[] = []
  const { documents } = interceptedPorts(memoryPorts(), (operation, name) => {
    operations.push(name)
    return operation()
  })
  const profiles = new ProfileWriter({ rememberedMax: 1 })
  await profiles.apply('0', [event(1, 'pen', { second: 1 })], documents)
  await profiles.apply('0', [event(2, 'cup', { second: 2 })], documents)
  expect(operations).toEqual(['documents.readAll users', 'documents.writeAll users', 'documents.writeAll users'])
  const ben = event(3, 'tea', { second: 3 })
  await profiles.apply('0', [{ ...ben, interaction: { ...ben.interaction, userId: UserId.parse('ben') } }], documents)
  operations.length = 0
  await profiles.apply('0', [event(4, 'ink', { second: 4 })], documents)
  expect(operations).toEqual(['documents.readAll users', 'documents.writeAll users'])
})

test('twenty lost races in a row are an error, not silence', async () => {
  const { documents } = memoryPorts()
  documents.writeAll = async (_, writes) => writes.map(() => undefined)
  await expect(new ProfileWriter().apply('0', [event(1, 'pen', { second: 1 })], documents)).rejects.toThrow('20')
})

test('a thumb down marks the item as disliked until a thumb up lifts it', async () => {
  const { documents } = memoryPorts()
  const profiles = new ProfileWriter()
  const thumb = (sequenceNumber: number, itemId: string, value: number) =>
    event(sequenceNumber, itemId, { second: sequenceNumber, type: 'feedback', value })
  await profiles.apply('0', [thumb(1, 'tea', -1), thumb(2, 'pen', -1), thumb(3, 'cup', 1)], documents)
  expect((await anna(documents))?.disliked).toEqual(['tea', 'pen'])
  await profiles.apply('0', [thumb(4, 'tea', 1)], documents)
  expect((await anna(documents))?.disliked).toEqual(['pen'])
})

test('a profile is kept for its period from its last write on', async () => {
  const { documents } = memoryPorts({ now: noon })
  await new ProfileWriter({ retentionDays: 2 }).apply('0', [event(1, 'pen', { second: 1 })], documents)
  expect(await anna(documents)).toMatchObject({ ttl: 2 * 86_400 })
})
