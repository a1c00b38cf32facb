import type { Ports } from '../../ports.ts'
import { CatalogueChange, changeSchemaVersion } from '../../schemas/catalogue-change.ts'
import { catalogChangesHub } from './catalog-changes-hub.ts'
import { maskChange } from './mask-change.ts'

/** A change by way of the API. */
interface SentChange {
  op: CatalogueChange['op']
  entity: 'item' | 'customer'
  /** The item's or the customer's id. */
  key: string
  data?: Readonly<Record<string, unknown>> | undefined
}

/**
 * Gives a change to the hub that all changes of products and customers go by, with nothing in it that names a person;
 * resolves when it is stored there.
 * @param pseudonymKey key of the pseudonyms that stand for e-mails
 */
export async function sendChange(
  { op, entity, key, data = {} }: SentChange,
  pseudonymKey: string,
  { eventLog, clock, uuid }: Pick<Ports, 'eventLog' | 'clock' | 'uuid'>,
): Promise<{ changeId: string; acceptedAt: string }> {
  const [changeId, acceptedAt] = [uuid(), new Date(clock()).toISOString()]
  const change = { schema_version: changeSchemaVersion, change_id: changeId, op, entity, key, ts: acceptedAt, data }
  const body = CatalogueChange.parse(maskChange(change, pseudonymKey))
  await eventLog.append(catalogChangesHub, [{ key, body }])
  return { changeId, acceptedAt }
}
