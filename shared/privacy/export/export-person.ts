import { maskText } from '../../ingest/catalog-changes/mask-values.ts'
import type { Ports } from '../../ports.ts'
import type { PersonExport } from '../../schemas/privacy-answers.ts'
import { sessionsInLake } from '../lake/sessions-in-lake.ts'
import { lakeStores } from './lake-stores.ts'
import { servedStores } from './served-stores.ts'

const notes = [
  'Names, e-mails and phones are masked before they are stored: the shop’s own systems have them in full.',
  'Events of the last hour may be in Event Hubs or wait to be put into the lake; the profile has them already.',
  'Published models hold the id in a list of names, and numbers that were computed from purchases and events.',
  'Files in landing/ and quarantine/ are what the shop delivered; what was taken from them is listed here.',
]

/** Everything that is kept of a person, store by store, for access and portability. Of who is not known, empty stores. */
export async function exportPerson(
  userId: string,
  pseudonymKey: string,
  ports: Pick<Ports, 'documents' | 'blobs' | 'sql' | 'clock' | 'uuid'>,
): Promise<PersonExport> {
  const ids = [userId, ...(await sessionsInLake(userId, ports))]
  const [served, lake] = await Promise.all([servedStores(ids, ports), lakeStores(ids, pseudonymKey, ports)])
  return {
    ...{ user_id: userId, exported_at: new Date(ports.clock()).toISOString(), ids },
    stores: [...served, ...lake].map(store => ({ ...store, items: store.items.map(maskedItem) })),
    notes,
  }
}

/** What a shop's free texts may hold of an e-mail is nobody's to read here; what was masked by its column stays as it is. */
const maskedItem = (item: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(item).map(([name, value]) => [name, name === 'email_masked' ? value : masked(value)]),
  )

function masked(value: unknown): unknown {
  if (typeof value === 'string') return maskText(value)
  if (Array.isArray(value)) return value.map(masked)
  return typeof value === 'object' && value !== null ? maskedItem({ ...value }) : value
}
