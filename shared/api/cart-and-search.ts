import { ItemList } from '../schemas/answers.ts'
import { CartBody, CartQuery, NoPath, SearchBody } from '../schemas/requests.ts'
import { type Endpoint, endpoint, postEndpoint } from './endpoint.ts'
import { type ListNeed, listFrom } from './list-from.ts'

const summary = 'Add-ons for a cart: what goes with all that is in it'

export const cartRecommendations = (need: ListNeed): Endpoint =>
  endpoint({
    ...{ name: 'recommend-cart', method: 'GET', path: '/recommend/cart', auth: 'public', summary },
    input: { path: NoPath, query: CartQuery },
    output: ItemList,
    run: ({ query }) => {
      const { placement, items, user, session } = query
      return listFrom(need, { wishes: query, placed: { placement, items, userId: user, sessionId: session } })
    },
  })

export const postedCartRecommendations = (need: ListNeed): Endpoint =>
  postEndpoint({
    ...{ name: 'recommend-cart-posted', path: '/recommend/cart', auth: 'public', summary },
    input: { body: CartBody },
    output: ItemList,
    run: body => {
      const { placement, items, user_id: userId, session_id: sessionId } = body
      return listFrom(need, { wishes: body, placed: { placement, items, userId, sessionId }, sent: 'invalid_body' })
    },
  })

export const searchRecommendations = (need: ListNeed): Endpoint =>
  postEndpoint({
    name: 'recommend-search',
    path: '/recommend/search',
    auth: 'public',
    summary: 'What a search engine found, in an order that knows the user: those items and no others',
    input: { body: SearchBody },
    output: ItemList,
    run: body => {
      const { items, user_id: userId, session_id: sessionId } = body
      const placed = { placement: 'search', items, userId, sessionId } as const
      return listFrom(need, { wishes: body, placed, sent: 'invalid_body' })
    },
  })
