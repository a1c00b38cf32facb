import { ItemList } from '../../schemas/answers.ts'
import { CartBody, CartQuery, SearchBody } from '../../schemas/requests.ts'
import { access } from '../access.ts'
import { listHeaders } from '../answer-headers.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { type ListNeed, listFrom } from '../lists/list-from.ts'

const summary = 'Add-ons for a cart: what goes with all that is in it'

export const cartRecommendations = (need: ListNeed): Endpoint =>
  endpoint({
    ...{ name: 'recommend-cart', method: 'GET', path: '/recommend/cart', summary },
    access: access.personal,
    group: 'recommendations',
    input: { query: CartQuery },
    output: ItemList,
    headers: listHeaders,
    persons: ({ query }) => [{ userId: query.user, sessionId: query.session }],
    run: ({ query }) => {
      const { placement, items, user, session } = query
      return listFrom(need, { wishes: query, placed: { placement, items, userId: user, sessionId: session } })
    },
  })

export const postedCartRecommendations = (need: ListNeed): Endpoint =>
  endpoint({
    ...{ name: 'recommend-cart-posted', method: 'POST', path: '/recommend/cart', summary },
    access: access.personal,
    group: 'recommendations',
    isSafe: true,
    input: { body: CartBody },
    output: ItemList,
    headers: listHeaders,
    persons: ({ body }) => [{ userId: body.user_id, sessionId: body.session_id }],
    run: ({ body }) => {
      const { placement, items, user_id: userId, session_id: sessionId } = body
      return listFrom(need, { wishes: body, placed: { placement, items, userId, sessionId }, sent: 'invalid_body' })
    },
  })

export const searchRecommendations = (need: ListNeed): Endpoint =>
  endpoint({
    name: 'recommend-search',
    method: 'POST',
    path: '/recommend/search',
    access: access.personal,
    group: 'recommendations',
    isSafe: true,
    summary: 'What a search engine found, in an order that knows the user: those items and no others',
    input: { body: SearchBody },
    output: ItemList,
    headers: listHeaders,
    persons: ({ body }) => [{ userId: body.user_id, sessionId: body.session_id }],
    run: ({ body }) => {
      const { items, user_id: userId, session_id: sessionId } = body
      const placed = { placement: 'search', items, userId, sessionId } as const
      return listFrom(need, { wishes: body, placed, sent: 'invalid_body' })
    },
  })
