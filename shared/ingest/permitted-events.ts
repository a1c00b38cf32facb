import { z } from 'zod'
import type { Documents } from '../ports.ts'
import { noTombstones, type Tombstones } from '../privacy/tombstones/live-tombstones.ts'
import { collections } from '../schemas/collections.ts'
import type { Consent } from '../schemas/consent.ts'
import { guestId, UserId } from '../schemas/ids.ts'
import type { Delivered } from './delivered.ts'

/** What is read of an event before anything else is: who did what. It may be no event at all. */
const Told = z.object({
  user_id: z.string().optional().catch(undefined),
  session_id: z.string().optional().catch(undefined),
  event_type: z.string().optional().catch(undefined),
  ts: z.string().optional().catch(undefined),
})

export interface Permitted {
  /** What may be kept. */
  events: Delivered[]
  /** Events of people who were erased: nothing of them is kept, also where the event is broken. */
  erased: number
  /** Events of people who opted out of being tracked, likewise. */
  declined: number
}

/**
 * The events that may be kept. Consent is read with each batch, so that an opt-out counts for whatever is taken in after it;
 * a login takes along what the visitor's session told, where the user never told anything.
 */
export async function permittedEvents(
  delivered: readonly Delivered[],
  { documents, tombstones = noTombstones }: { documents: Documents; tombstones?: Tombstones | undefined },
): Promise<Permitted> {
  const alive = delivered
    .map(event => ({ event, ...personOf(event.body) }))
    .filter(({ userId, atMs }) => userId === undefined || !tombstones.refuses(userId, atMs))
  const consents = await consentsOf(alive, documents)
  const events = alive
    .filter(({ userId }) => userId === undefined || consents.get(userId)?.tracking !== false)
    .map(({ event }) => event)
  return { events, erased: delivered.length - alive.length, declined: alive.length - events.length }
}

interface Person {
  /** Undefined of what names nobody. */
  userId: UserId | undefined
  /** Of a login: the visitor the user was until then. */
  guest: UserId | undefined
  atMs: number | undefined
}

function personOf(body: unknown): Person {
  const { user_id, session_id, event_type, ts } = Told.safeParse(body).data ?? {}
  const guest = session_id === undefined ? undefined : UserId.safeParse(guestId(session_id)).data
  const user = user_id === undefined ? undefined : UserId.safeParse(user_id).data
  const at = Date.parse(ts ?? '')
  const isLogin = event_type === 'login' && user !== undefined
  return { userId: user ?? guest, guest: isLogin ? guest : undefined, atMs: Number.isNaN(at) ? undefined : at }
}

/** What the people of a batch told, by id; of those who never did, nothing. */
async function consentsOf(people: readonly Person[], documents: Documents): Promise<ReadonlyMap<string, Consent>> {
  const ids = [...new Set(people.flatMap(({ userId, guest }) => [userId, guest]))].filter(id => id !== undefined)
  const read = await documents.readAll(
    collections.consents,
    ids.map(id => ({ id: 'consent', partition: id })),
  )
  const consents = new Map(read.flatMap(found => (found ? [[found.document.user_id, found.document]] : [])))
  for (const { userId, guest } of people) {
    const told = guest && consents.get(guest)
    if (!userId || !told || consents.has(userId)) continue
    const { ttl: _, ...lasting } = told
    const own: Consent = { ...lasting, user_id: userId }
    await documents.create(collections.consents, own)
    consents.set(userId, own)
  }
  return consents
}
