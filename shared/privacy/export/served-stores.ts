import { z } from 'zod'
import type { Documents } from '../../ports.ts'
import { type Collection, collections } from '../../schemas/collections.ts'
import { eventTypes } from '../../schemas/interaction.ts'
import type { ExportedStore } from '../../schemas/privacy-answers.ts'
import { RecentEvent } from '../../schemas/profile.ts'

const anything = z.record(z.string(), z.unknown())
/** Documents as they are stored, whatever they are. */
const anyOfUser: Collection<Record<string, unknown>> = {
  ...collections.userDocuments,
  schema: anything,
  key: unwritten,
}
const anyList: Collection<Record<string, unknown>> = { ...collections.userLists, schema: anything, key: unwritten }

function unwritten(): never {
  throw new RangeError('Cannot write a document as what is read for an export has no form of its own')
}

/** What lists are made from and served from. */
export async function servedStores(
  ids: readonly string[],
  { documents }: { documents: Documents },
): Promise<ExportedStore[]> {
  const users: Record<string, unknown>[] = []
  for (const partition of ids) {
    for await (const page of documents.query(anyOfUser, { partition })) users.push(...page.map(readable))
  }
  const found = await documents.readAll(
    anyList,
    ids.map(id => ({ id, partition: id })),
  )
  const lists = found.flatMap(list => (list ? [readable(list.document)] : []))
  return [
    {
      ...{
        store: 'cosmos/users',
        about: 'Recent events and profile, customer record, preferences, consent, stored list',
      },
      ...{ total: users.length, items: users },
    },
    {
      ...{ store: 'cosmos/user_topn', about: 'Published lists of two generations, purchases as trained on, segment' },
      ...{ total: lists.length, items: lists },
    },
  ]
}

/** Without what Cosmos adds, with events spelled out. */
function readable(document: Record<string, unknown>): Record<string, unknown> {
  const kept = Object.entries(document).filter(([name]) => !name.startsWith('_'))
  return Object.fromEntries(kept.map(([name, value]) => (name === 'recent' ? [name, eventsOf(value)] : [name, value])))
}

function eventsOf(recent: unknown): unknown {
  return z
    .array(RecentEvent)
    .parse(recent)
    .map(([item_id, code, second, , value]) => ({
      ...{ item_id, event_type: eventTypes[code] ?? 'unknown', ts: new Date(second * 1000).toISOString() },
      ...(value === undefined ? {} : { value }),
    }))
}
