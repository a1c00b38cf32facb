import { listedItem } from '../api/lists/list-answer.ts'
import type { Documents, Ports } from '../ports.ts'
import { valueAt } from '../publishing/slots.ts'
import type { Customer } from '../schemas/catalogue.ts'
import { type Collection, collections } from '../schemas/collections.ts'
import type { ExportOutcome } from '../schemas/export.ts'
import { isGuest } from '../schemas/ids.ts'
import type { Rung } from '../schemas/rung.ts'
import { oneMoment } from '../serving/one-moment.ts'
import { recommend } from '../serving/recommend.ts'
import type { Shop } from '../serving/shop.ts'
import { unseen } from '../serving/unseen.ts'
import type { ExportOptions } from './export-options.ts'
import type { ExportUser, UserDocument } from './export-users.ts'

/** Users whose documents are read together: some hundred requests' worth in one, and a few megabytes of memory. */
const usersTogether = 250
const personalRungs: readonly Rung[] = ['personal', 'session']

/**
 * What becomes of each user but those who were erased, in order: the list that serving would make, by the same function, with nothing left to chance.
 * All are of one moment, and so of one model, which is in memory before the first list is made.
 */
export async function makeLists(
  users: readonly ExportUser[],
  options: ExportOptions,
  ports: Pick<Ports, 'documents' | 'uuid'>,
): Promise<ExportOutcome[]> {
  const shop = await settledShop(options)
  const outcomes: ExportOutcome[] = []
  for (let from = 0; from < users.length; from += usersTogether) {
    const some = users.slice(from, from + usersTogether)
    const readShop = await readTogether(some, shop, ports.documents)
    for (const { userId } of some) {
      // The model may still know who was erased.
      if (!(await shop.isErased(userId))) outcomes.push(await listOf(userId, { ...options, shop: readShop }, ports))
    }
  }
  return outcomes
}

async function listOf(
  userId: string,
  { placement, limit, includesPopular, shop, wishes }: ExportOptions,
  { uuid }: Pick<Ports, 'uuid'>,
): Promise<ExportOutcome> {
  // A visitor without a login has no address to write to.
  if (isGuest(userId)) return { user_id: userId, skipped: 'guest' }
  const id = uuid()
  const { items, live, facts } = await recommend({ ...wishes, placement, userId, limit, seed: id }, shop)
  if (items.length === 0) return { user_id: userId, skipped: 'nothing_to_list' }
  if (!includesPopular && !items.some(({ rung }) => personalRungs.includes(rung))) {
    return { user_id: userId, skipped: 'nothing_personal' }
  }
  return {
    ...{ user_id: userId, placement, recommendation_id: id, model_version: live?.model_version ?? null },
    items: items.map(each => listedItem(each, facts)),
  }
}

/** The shop as of now, with the live model in memory and without what is for lists that are seen at once. */
async function settledShop({ shop, placement }: ExportOptions): Promise<Shop> {
  const live = await shop.live()
  if (live) shop.model(live)
  await shop.modelSettled()
  return oneMoment(await unseen(placement, shop))
}

/** The shop with the documents of some users read in few requests, and none of what is not there or not needed. */
async function readTogether(all: readonly ExportUser[], shop: Shop, documents: Documents): Promise<Shop> {
  const users = all.filter(({ userId }) => !isGuest(userId))
  const ofUser = <T>(name: UserDocument, collection: Collection<T>) => {
    const withIt = users.filter(user => user.documents.has(name))
    const keys = withIt.map(({ userId }) => ({ id: name, partition: userId }))
    return readOf(keys, collection, documents)
  }
  const withList = users.filter(({ hasList }) => hasList).map(({ userId }) => ({ id: userId, partition: userId }))
  const [profiles, preferences, consents, lists] = await Promise.all([
    ofUser('profile', collections.profiles),
    ofUser('preferences', collections.preferences),
    ofUser('consent', collections.consents),
    readOf(withList, collections.userLists, documents),
  ])
  let customers: Promise<Map<string, Customer>> | undefined
  return {
    ...shop,
    profile: async userId => profiles.get(userId),
    preferences: async userId => preferences.get(userId),
    consent: async userId => consents.get(userId),
    userLists: async (userId, generation) => {
      const found = lists.get(userId)
      return found && valueAt(found, generation)
    },
    // Asked for only where a rule depends on age, region or country.
    customer: async userId => {
      customers ??= ofUser('customer', collections.customers)
      return (await customers).get(userId)
    },
  }
}

/** Documents by their partition; those that are gone meanwhile are left out. */
async function readOf<T>(
  keys: readonly { id: string; partition: string }[],
  collection: Collection<T>,
  documents: Documents,
): Promise<Map<string, T>> {
  const read = await documents.readAll(collection, keys)
  return new Map(
    keys.flatMap(({ partition }, index): [string, T][] => {
      const found = read[index]
      return found ? [[partition, found.document]] : []
    }),
  )
}
