import type { Ports } from '../../ports.ts'
import { UserProfile } from '../../schemas/answers.ts'
import { collections } from '../../schemas/collections.ts'
import { eventTypes } from '../../schemas/interaction.ts'
import type { LivePointer } from '../../schemas/published.ts'
import { UserPath } from '../../schemas/requests.ts'
import type { Shop } from '../../serving/shop.ts'
import { type KnownUser, knownUser } from '../../serving/user-profile.ts'
import type { Catalogue } from '../../sources/reads.ts'
import { access } from '../access.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { modelHeaders } from '../lists/list-answer.ts'

export const userProfile = ({ shop, ports }: { shop: Shop; ports: Pick<Ports, 'documents'> }): Endpoint =>
  endpoint({
    name: 'user-profile',
    method: 'GET',
    path: '/api/users/{id}/profile',
    aliases: ['/user_profile/{id}'],
    access: access.personal,
    group: 'users',
    summary: 'What is known of a user: segment, loyalty, value, recent events, purchases, favourite categories',
    input: { path: UserPath },
    output: UserProfile,
    headers: ['x-sidecart-model-version'],
    refuses: ['unknown_user'],
    persons: ({ path }) => [{ userId: path.id }],
    run: async ({ path }) => {
      const [user, catalogue, live] = await Promise.all([
        knownUser(path.id, shop, ports.documents),
        shop.catalogue(),
        shop.live(),
      ])
      const { country = '', segment = null, loyalty = null, standing = null } = user.customer ?? {}
      const nameOf = (itemId: string) => catalogue.items.get(itemId)?.name ?? null
      return {
        headers: modelHeaders(live),
        body: {
          user_id: path.id,
          country: country || null,
          ...{ segment, loyalty, standing, behaviour: await behaviourOf(user, live, ports.documents) },
          recent_events: (user.profile?.recent ?? []).toReversed().map(([itemId, code, second]) => ({
            ...{
              item_id: itemId,
              name: nameOf(itemId),
              event_type: eventTypes[code] ?? 'unknown',
              ts: isoSecond(second),
            },
          })),
          interactions_url: `/api/users/${encodeURIComponent(path.id)}/interactions`,
          purchases: purchasesOf(user).map(({ itemId, second, times }) => ({
            ...{ item_id: itemId, name: nameOf(itemId), times },
            last_bought_at: second === undefined ? null : isoSecond(second),
          })),
          favourite_categories: favourites(user, catalogue),
          model_version: live?.model_version ?? null,
          generated_at: live?.generated_at ?? null,
        },
      }
    },
  })

/** The segment that the live model has the user in. */
async function behaviourOf(
  { lists }: KnownUser,
  live: LivePointer | undefined,
  documents: Ports['documents'],
): Promise<{ key: string; name: string } | null> {
  if (lists?.segment === undefined || !live) return null
  const { model_version: version } = live
  const generation = await documents.read(collections.generations, { id: version, partition: version })
  const found = generation?.document.segments?.find(({ key }) => key === lists.segment)
  return found ? { key: found.key, name: found.name } : null
}

/** Purchases of the stream since the lists were made, then those in the lists, newest first. */
function purchasesOf({ profile, lists }: KnownUser): { itemId: string; second: number | undefined; times: number }[] {
  const purchase = eventTypes.indexOf('purchase')
  const listed = (lists?.purchases ?? []).map(([itemId, second, times]) => ({ itemId, second, times }))
  const known = new Set(listed.map(({ itemId }) => itemId))
  const streamed = (profile?.bought ?? []).filter(itemId => !known.has(itemId)).toReversed()
  const seconds = new Map(
    profile?.recent.filter(([, code]) => code === purchase).map(([itemId, , second]) => [itemId, second]),
  )
  return [...streamed.map(itemId => ({ itemId, second: seconds.get(itemId), times: 1 })), ...listed]
}

function favourites({ profile, lists }: KnownUser, catalogue: Catalogue): { name: string; events: number }[] {
  const events = new Map<string, number>()
  const add = (itemId: string, times: number) => {
    const category = catalogue.items.get(itemId)?.category
    if (category !== undefined) events.set(category, (events.get(category) ?? 0) + times)
  }
  for (const [itemId] of profile?.recent ?? []) add(itemId, 1)
  for (const [itemId, , times] of lists?.purchases ?? []) add(itemId, times)
  return [...events]
    .sort(([, x], [, y]) => y - x)
    .slice(0, 5)
    .map(([name, count]) => ({ name, events: count }))
}

function isoSecond(second: number): string {
  return new Date(second * 1000).toISOString()
}
