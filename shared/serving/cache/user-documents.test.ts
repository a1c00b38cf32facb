import { expect, test } from 'vitest'
import { interceptedPorts } from '../../../tests/faulty-ports.ts'
import { putProfile } from '../../../tests/served-shop.ts'
import { memoryPorts } from '../../adapters/memory/ports.ts'
import { collections } from '../../schemas/collections.ts'
import { AppError } from '../../schemas/errors.ts'
import { UserDocuments, type UserDocumentsOptions } from './user-documents.ts'

const options: UserDocumentsOptions = {
  ...{ trustMs: () => 600, lookEveryMs: 250, ttlMs: 60_000, staleMsMax: 10_000 },
  ...{ entriesMax: 100, bytesMax: 1_000_000 },
}

/** Anna has looked at a pen. Everything read is counted, and fails while the store is away. */
async function held(more: Partial<UserDocumentsOptions> = {}) {
  const ports = memoryPorts()
  await putProfile(ports, 'anna', [['pen', 'view', 1]])
  const state = { isAway: false, reads: 0 }
  const { documents } = interceptedPorts(ports, async (operation, name) => {
    if (name === 'documents.readAll users') state.reads += 1
    if (state.isAway) throw new AppError('unavailable', 'users cannot be read')
    return operation()
  })
  const forgotten: string[] = []
  const users = new UserDocuments(
    { documents, clock: ports.clock, log: ports.log },
    { ...options, ...more, onForget: userId => forgotten.push(userId) },
  )
  /** Anna's items, after the looks under way are done. */
  const items = async () => {
    const profile = await users.part('anna', 'profile')
    await new Promise(setImmediate)
    return profile?.recent.map(([itemId]) => itemId)
  }
  return { ports, state, users, items, forgotten }
}

test('a user’s documents are read once, together, while nothing changes', async () => {
  const { state, users, items, ports } = await held()
  const [profile, preferences] = await Promise.all([users.part('anna', 'profile'), users.part('anna', 'preferences')])
  expect([profile?.user_id, preferences]).toEqual(['anna', undefined])
  for (let round = 0; round < 8; round++) {
    ports.advance(300)
    expect(await items()).toEqual(['pen'])
  }
  expect(state.reads).toBe(1)
  expect(users.counts).toMatchObject({ hits: 8, misses: 1, coalesced: 1, entries: 1 })
})

test('a purchase that another instance writes is in what is read within the look and the trust', async () => {
  const { state, items, ports } = await held()
  expect(await items()).toEqual(['pen'])
  await putProfile(ports, 'anna', [['ink', 'purchase', 2]])
  expect(await items()).toEqual(['pen'])
  ports.advance(300)
  await items()
  expect(await items()).toEqual(['ink'])
  expect(state.reads).toBe(2)
})

test('what others did is no reason to read Anna’s documents again', async () => {
  const { state, items, ports } = await held()
  await items()
  for (let round = 0; round < 4; round++) {
    await putProfile(ports, `user-${round}`, [['ink', 'view', 2]])
    ports.advance(300)
    expect(await items()).toEqual(['pen'])
  }
  expect(state.reads).toBe(1)
})

test('when nobody asked for a while, documents are read and not trusted', async () => {
  const { state, items, ports } = await held()
  await items()
  ports.advance(601)
  await putProfile(ports, 'anna', [['cup', 'view', 2]])
  expect(await items()).toEqual(['cup'])
  expect(state.reads).toBe(2)
})

test('when nobody asked for a while, one look vouches for all who are held', async () => {
  const { state, users, items, ports } = await held()
  await users.part('ben', 'profile')
  await items()
  ports.advance(601)
  expect(await Promise.all([items(), users.part('ben', 'profile')])).toEqual([['pen'], undefined])
  expect([state.reads, users.counts.looks]).toEqual([2, 2])
})

test('a document that is read again and was not written since is the same object', async () => {
  const { users, ports } = await held({ ttlMs: 1_000 })
  const first = await users.part('anna', 'profile')
  ports.advance(1_100)
  expect(users.holds('anna', 'profile', first)).toBe(false)
  expect(await users.part('anna', 'profile')).toBe(first)
  expect(users.holds('anna', 'profile', first)).toBe(true)
  await putProfile(ports, 'anna', [['ink', 'view', 2]])
  ports.advance(1_100)
  expect(await users.part('anna', 'profile')).not.toBe(first)
  expect(users.holds('anna', 'profile', first)).toBe(false)
})

test('after its time a document is read again, changed or not', async () => {
  const { state, items, ports } = await held({ ttlMs: 1_000 })
  for (let round = 0; round < 4; round++) {
    await items()
    ports.advance(400)
  }
  expect(state.reads).toBe(2)
})

test('a document that lists are not made from, like the mark of an erasure, drops all that is held of the user', async () => {
  const { users, items, ports, forgotten } = await held()
  await items()
  const mark = { id: 'a-mark', user_id: 'anna' }
  await ports.documents.upsert(collections.userDocuments, mark)
  ports.advance(300)
  await items()
  expect(forgotten).toEqual(['anna'])
  expect(users.counts.entries).toBe(0)
})

test('while the store is away what is held stands for it, for a while, and tells how old it is', async () => {
  const { state, users, items, ports } = await held()
  await items()
  state.isAway = true
  ports.advance(601)
  expect(await items()).toEqual(['pen'])
  expect(users.staleMs('anna')).toBe(601)
  expect(users.counts.stale).toBe(1)
  ports.advance(9_400)
  await expect(items()).rejects.toMatchObject({ code: 'unavailable' })
  state.isAway = false
  expect(await items()).toEqual(['pen'])
  expect(users.staleMs('anna')).toBe(0)
})

test('who is not held is unavailable while the store is away', async () => {
  const { state, users } = await held()
  state.isAway = true
  await expect(users.part('ben', 'profile')).rejects.toMatchObject({ code: 'unavailable' })
  expect(users.staleMs('ben')).toBe(0)
})

test('what is forgotten while it is read is given to who waits, and not kept', async () => {
  const { users } = await held()
  const waiting = users.part('anna', 'profile')
  users.forget('anna')
  expect((await waiting)?.user_id).toBe('anna')
  expect(users.counts.entries).toBe(0)
})

test('many users need no more memory than they may', async () => {
  const { users } = await held({ entriesMax: 10, bytesMax: 2_000 })
  for (let user = 0; user < 500; user++) await users.part(`user-${user}`, 'profile')
  const { entries, bytes, evictions } = users.counts
  expect(entries).toBeLessThanOrEqual(10)
  expect(bytes).toBeLessThanOrEqual(2_000)
  expect(evictions).toBeGreaterThanOrEqual(490)
})

test('without trust every request reads, and nothing is held', async () => {
  const { state, users, items, ports } = await held({ trustMs: () => 0 })
  await items()
  await putProfile(ports, 'anna', [['ink', 'view', 2]])
  expect(await items()).toEqual(['ink'])
  expect([state.reads, users.counts.entries, users.counts.looks]).toEqual([2, 0, 0])
})
