import { WhyNot } from '../../schemas/explanation.ts'
import { UserListQuery, WhyNotPath } from '../../schemas/requests.ts'
import { oneMoment } from '../../serving/one-moment.ts'
import type { Shop } from '../../serving/shop.ts'
import { whyNot } from '../../serving/why-not.ts'
import { access } from '../access.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { requestOf } from '../lists/list-from.ts'

/** Chance has no say in why an item is not listed: it is drawn the same way each time. */
const seed = 'why not'

export const whyNotListed = ({ shop }: { shop: Shop }): Endpoint =>
  endpoint({
    name: 'why-not',
    method: 'GET',
    path: '/recommend/user/{id}/why-not/{item}',
    access: access.personal,
    group: 'recommendations',
    summary: 'The first stage that keeps an item out of a user’s list, or its place; the query is that of the list',
    input: { path: WhyNotPath, query: UserListQuery },
    output: WhyNot,
    persons: ({ path, query }) => [{ userId: path.id, sessionId: query.session }],
    run: async ({ path, query }) => {
      const { placement, session } = query
      const { request } = requestOf({ wishes: query, placed: { placement, userId: path.id, sessionId: session } }, seed)
      const { position, dropped, passed, modelVersion } = await whyNot(path.item, request, oneMoment(shop))
      return {
        body: {
          ...{ item_id: path.item, placement, listed: position !== undefined, position: position ?? null },
          ...{ stage: dropped?.stage ?? null, detail: dropped?.detail ?? null, passed: [...passed] },
          model_version: modelVersion ?? null,
        },
      }
    },
  })
