import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Documents } from '../shared/ports.ts'
import { collections } from '../shared/schemas/collections.ts'
import type { Consent } from '../shared/schemas/consent.ts'
import { UserId } from '../shared/schemas/ids.ts'
import type { Profile } from '../shared/schemas/profile.ts'
import type { ChunkRecord, Run } from '../shared/schemas/run.ts'

interface Opened {
  documents: Documents
  close(): Promise<void>
}

/** What every adapter of the Documents port holds, on the app's own collections. */
export function documentsContract(adapter: string, open: () => Promise<Opened>): void {
  describe(`documents in ${adapter}`, () => {
    let opened: Opened
    let users = 0
    const fresh = (bought: string[] = []): Profile => {
      users += 1
      const userId = UserId.parse(`user-${users}`)
      return { id: 'profile', user_id: userId, applied: { 0: 1 }, recent: [], bought, disliked: [] }
    }
    const keyOf = ({ id, user_id }: Profile) => ({ id, partition: user_id })
    const stored = async (profile: Profile) => {
      const found = await opened.documents.read(collections.profiles, keyOf(profile))
      if (!found) throw new Error('The profile is not there')
      return found
    }
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened?.close())

    test('what was never written reads as undefined', async () => {
      expect(await opened.documents.read(collections.profiles, { id: 'profile', partition: 'nobody' })).toBeUndefined()
    })

    test('create writes once: the second is refused and changes nothing', async () => {
      const profile = fresh(['pen'])
      expect(await opened.documents.create(collections.profiles, profile)).toEqual({ etag: expect.any(String) })
      expect(await opened.documents.create(collections.profiles, { ...profile, bought: ['cup'] })).toBeUndefined()
      expect((await stored(profile)).document).toEqual(profile)
    })

    test('what a strict schema has written is read as it was, by whatever way', async () => {
      const { user_id } = fresh()
      const told = { personalization: true, tracking: false, updated_at: '2026-01-01T00:00:00.000Z' }
      const consent: Consent = { id: 'consent', user_id, ...told }
      await opened.documents.create(collections.consents, consent)
      const key = { id: 'consent', partition: user_id }
      expect((await opened.documents.read(collections.consents, key))?.document).toEqual(consent)
      const [together] = await opened.documents.readAll(collections.consents, [key])
      expect(together?.document).toEqual(consent)
      const conditions = { partition: user_id, equal: { id: 'consent' } } as const
      const found = await Array.fromAsync(opened.documents.query(collections.consents, conditions))
      expect(found.flat()).toEqual([consent])
    })

    test('a document with a time to live is gone after it, from reads, queries and conditions', async () => {
      const guest: Profile = { ...fresh(), ttl: 1 }
      const written = await opened.documents.create(collections.profiles, guest)
      const gone = async () => expect(await opened.documents.read(collections.profiles, keyOf(guest))).toBeUndefined()
      await vi.waitFor(gone, { timeout: 10_000, interval: 100 })
      const partition = guest.user_id
      for await (const page of opened.documents.query(collections.profiles, { partition })) expect(page).toEqual([])
      expect(await opened.documents.replace(collections.profiles, guest, written?.etag ?? '')).toBeUndefined()
      expect(await opened.documents.create(collections.profiles, guest)).toBeDefined()
    })

    test('of many creates at the same moment one wins', async () => {
      const profile = fresh()
      const tries = Array.from({ length: 8 }, () => opened.documents.create(collections.profiles, profile))
      expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1)
    })

    test('replace writes while the version is the one read, and tells when it is not', async () => {
      const profile = fresh()
      const created = await opened.documents.create(collections.profiles, profile)
      const bought = { ...profile, bought: ['pen'] }
      const replaced = await opened.documents.replace(collections.profiles, bought, created?.etag ?? '')
      expect(replaced?.etag).not.toBe(created?.etag)
      expect((await stored(profile)).etag).toBe(replaced?.etag)
      expect(await opened.documents.replace(collections.profiles, profile, created?.etag ?? '')).toBeUndefined()
      expect((await stored(profile)).document).toEqual(bought)
    })

    test('replace of what is not there is refused, not an error', async () => {
      expect(await opened.documents.replace(collections.profiles, fresh(), '"0"')).toBeUndefined()
    })

    test('upsert writes whether there is something or not', async () => {
      const profile = fresh()
      await opened.documents.upsert(collections.profiles, profile)
      await opened.documents.upsert(collections.profiles, { ...profile, bought: ['tea'] })
      expect((await stored(profile)).document.bought).toEqual(['tea'])
    })

    test('remove takes a document away, with an etag only its version, and tells whether it did', async () => {
      const profile = fresh()
      const key = keyOf(profile)
      expect(await opened.documents.remove(collections.profiles, key)).toBe(false)
      const old = await opened.documents.upsert(collections.profiles, profile)
      const current = await opened.documents.upsert(collections.profiles, { ...profile, bought: ['tea'] })
      expect(await opened.documents.remove(collections.profiles, key, old.etag)).toBe(false)
      expect((await stored(profile)).document.bought).toEqual(['tea'])
      expect(await opened.documents.remove(collections.profiles, key, current.etag)).toBe(true)
      expect(await opened.documents.read(collections.profiles, key)).toBeUndefined()
    })

    test('documents come in order of a text, page after page by what came last', async () => {
      const mark = `land-${fresh().user_id}`
      const people = ['c', 'a', 'd', 'b'].map(name => ({
        ...{ id: 'customer' as const, user_id: UserId.parse(`${mark}-${name}`), country: mark, row_hash: name },
      }))
      for (const person of people) await opened.documents.upsert(collections.customers, person)
      const pageAfter = async (after?: string) => {
        const conditions = { equal: { id: 'customer', country: mark }, inOrderOf: 'user_id', after, limit: 2 } as const
        const found: string[] = []
        for await (const page of opened.documents.query(collections.customers, conditions)) {
          found.push(...page.map(({ row_hash: name }) => name))
        }
        return found
      }
      expect(await pageAfter()).toEqual(['a', 'b'])
      expect(await pageAfter(`${mark}-b`)).toEqual(['c', 'd'])
      expect(await pageAfter(`${mark}-d`)).toEqual([])
    })

    test('documents of one id in two partitions are two documents', async () => {
      const [anna, ben] = [fresh(['pen']), fresh(['cup'])]
      await opened.documents.upsert(collections.profiles, anna)
      await opened.documents.upsert(collections.profiles, ben)
      expect((await stored(anna)).document.bought).toEqual(['pen'])
      expect((await stored(ben)).document.bought).toEqual(['cup'])
    })

    test('readAll gives what is there in the order of the keys, also over a request’s limit', async () => {
      const profiles = Array.from({ length: 230 }, (_, n) => fresh([`item-${n}`]))
      const written = await opened.documents.writeAll(
        collections.profiles,
        profiles.map(document => ({ document })),
      )
      expect(written).toEqual(profiles.map(() => ({ etag: expect.any(String) })))
      const keys = [...profiles.map(keyOf), { id: 'profile', partition: 'nobody' }]
      const found = await opened.documents.readAll(collections.profiles, keys)
      expect(found.map(each => each?.document)).toEqual([...profiles, undefined])
    })

    test('writeAll holds each condition alone: a lost one stops no other', async () => {
      const [there, changed, untouched] = [fresh(), fresh(), fresh()]
      await opened.documents.upsert(collections.profiles, there)
      const old = await opened.documents.upsert(collections.profiles, changed)
      await opened.documents.upsert(collections.profiles, { ...changed, bought: ['by another'] })
      const current = await opened.documents.upsert(collections.profiles, untouched)
      const writes = [
        { document: there },
        { document: { ...changed, bought: ['late'] }, etag: old.etag },
        { document: { ...untouched, bought: ['pen'] }, etag: current.etag },
        { document: fresh() },
      ]
      const written = await opened.documents.writeAll(collections.profiles, writes)
      expect(written.map(each => each !== undefined)).toEqual([false, false, true, true])
      expect(written[2]?.etag).toBe((await stored(untouched)).etag)
      expect((await stored(changed)).document.bought).toEqual(['by another'])
      expect((await stored(untouched)).document.bought).toEqual(['pen'])
    })

    test('query sees its partition only, and every condition', async () => {
      const chunk = (run: string, stage: string, number: number): ChunkRecord => ({
        ...{ id: `chunk-${stage}-${number}`, type: 'chunk', run_id: run, stage, round: 0, chunk: number },
        ...{ attempts: 1, fraction: 0, seen_at: '2026-01-01T00:00:00.000Z' },
      })
      for (const [run, stage, number] of [
        ['run-a', 'files', 0],
        ['run-a', 'files', 1],
        ['run-a', 'matrix', 0],
        ['run-b', 'files', 0],
      ] as const) {
        await opened.documents.upsert(collections.chunkRecords, chunk(run, stage, number))
      }
      const equal = { type: 'chunk', stage: 'files' } as const
      const pages = opened.documents.query(collections.chunkRecords, { partition: 'run-a', equal })
      const found = (await Array.fromAsync(pages)).flat()
      expect(found.map(({ id }) => id).sort()).toEqual(['chunk-files-0', 'chunk-files-1'])
    })

    test('query over all partitions gives the newest first, as many as asked for', async () => {
      const run = (number: number): Run => ({
        ...{ id: 'run', type: 'run', run_id: `lake-${number}`, kind: 'lake', status: 'completed', stage: 0 },
        ...{ stages: [], token: number + 1, trigger: 'test' },
        created_at: new Date(Date.UTC(2026, 0, 1 + ((number * 5) % 7))).toISOString(),
        moved_at: '2026-01-01T00:00:00.000Z',
      })
      for (let number = 0; number < 7; number++) await opened.documents.upsert(collections.runs, run(number))
      const equal = { type: 'run', kind: 'lake', status: undefined } as const
      const pages = opened.documents.query(collections.runs, { equal, newestBy: 'created_at', limit: 3 })
      const days = (await Array.fromAsync(pages)).flat().map(({ created_at: at }) => at.slice(8, 10))
      expect(days).toEqual(['07', '06', '05'])
    })

    test('changes name what was written since, by key and version, and nothing of the future', async () => {
      const profile = fresh()
      const created = await opened.documents.create(collections.profiles, profile)
      const since = async (seconds: number) =>
        (await Array.fromAsync(opened.documents.changes(collections.profiles, seconds))).flat()
      const now = Math.floor(Date.now() / 1000)
      const mine = async () => (await since(now - 60)).find(({ key }) => key.partition === profile.user_id)
      const change = { key: keyOf(profile), etag: created?.etag, second: expect.any(Number) }
      expect(await mine()).toEqual(change)
      const replaced = await opened.documents.replace(collections.profiles, profile, created?.etag ?? '')
      expect(await mine()).toEqual({ ...change, etag: replaced?.etag })
      expect((await mine())?.second).toBeGreaterThanOrEqual(now - 1)
      expect(await since(now + 60)).toEqual([])
    })

    test('query by time gives what was written since, and nothing of the future', async () => {
      const id = 'interactions-9'
      await opened.documents.upsert(collections.counters, {
        type: 'counters',
        id,
        applied: 1,
        at: 0,
        values: { pen: 2 },
      })
      const since = (seconds: number) =>
        Array.fromAsync(opened.documents.query(collections.counters, { changedSinceSeconds: seconds }))
      const now = Math.floor(Date.now() / 1000)
      expect((await since(now - 60)).flat().map(({ values }) => values)).toEqual([{ pen: 2 }])
      expect((await since(now + 60)).flat()).toEqual([])
    })
  })
}
