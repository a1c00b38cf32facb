import type { Ports } from '../../ports.ts'
import type { Customer } from '../../schemas/catalogue.ts'
import { collections } from '../../schemas/collections.ts'
import { UserPath } from '../../schemas/requests.ts'
import { UserAnswer, UserPage, UsersQuery } from '../../schemas/users.ts'
import type { Shop } from '../../serving/shop.ts'
import { unknownUser } from '../../serving/user-profile.ts'
import { access } from '../access.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { entityTag } from '../if-match.ts'
import { placeAt, placeCursorOf } from '../lists/place-cursor.ts'

type Need = { ports: Pick<Ports, 'documents'>; shop: Shop }

/** In order of id, whatever they are found by. */
const order = 'user_id'

export const listUsers = ({ ports }: Need): Endpoint =>
  endpoint({
    name: 'users',
    method: 'GET',
    path: '/api/users',
    access: access.operate,
    group: 'users',
    summary: 'The customers’ records, page by page in order of id: all, of a country, or of a segment',
    input: { query: UsersQuery },
    output: UserPage,
    run: async ({ query: { limit, cursor, country, segment } }) => {
      const after =
        cursor === undefined ? undefined : placeAt(cursor, order, ([id]) => (typeof id === 'string' ? id : undefined))
      const equal = { id: 'customer', deleted: false, country, segment } as const
      const found: Customer[] = []
      // One more than the page holds tells whether there is another.
      const conditions = { equal, inOrderOf: order, after, limit: limit + 1 } as const
      for await (const page of ports.documents.query(collections.customers, conditions)) found.push(...page)
      const last = found.length > limit ? found[limit - 1] : undefined
      return {
        body: {
          items: found.slice(0, limit).map(userAnswer),
          next_cursor: last ? placeCursorOf(order, [last.user_id]) : null,
        },
      }
    },
  })

export const oneUser = ({ ports, shop }: Need): Endpoint =>
  endpoint({
    name: 'user',
    method: 'GET',
    path: '/api/users/{id}',
    access: access.personal,
    group: 'users',
    summary:
      'A customer’s record: country, segment, loyalty and what the orders come to, as far as the lake knows them',
    input: { path: UserPath },
    output: UserAnswer,
    headers: ['etag'],
    refuses: ['unknown_user'],
    persons: ({ path }) => [{ userId: path.id }],
    run: async ({ path: { id } }) => {
      const customer = (await shop.isErased(id)) ? undefined : await knownCustomer(id, ports)
      if (!customer) throw unknownUser(id)
      return { headers: { etag: entityTag(customer.row_hash) }, body: userAnswer(customer) }
    },
  })

/** The record as it is stored now; a tombstone is none. */
export async function knownCustomer(
  id: string,
  { documents }: Pick<Ports, 'documents'>,
): Promise<Customer | undefined> {
  const stored = await documents.read(collections.customers, { id: 'customer', partition: id })
  return stored?.document.deleted ? undefined : stored?.document
}

function userAnswer(customer: Customer): UserAnswer {
  const {
    user_id,
    country,
    region = null,
    birth_year = null,
    segment = null,
    loyalty = null,
    standing = null,
  } = customer
  return { user_id, country: country || null, region, birth_year, segment, loyalty, standing }
}
