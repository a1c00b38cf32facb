import type { Ports } from '../../ports.ts'
import { ItemList, type ListedRule, RuleList } from '../../schemas/answers.ts'
import type { SourceName } from '../../schemas/placements.ts'
import {
  CategoryListQuery,
  CategoryPath,
  ItemListQuery,
  ItemPath,
  ListQuery,
  RulesQuery,
  SessionListQuery,
  SessionPath,
  UserListQuery,
  UserPath,
} from '../../schemas/requests.ts'
import { knownItem } from '../../serving/known-item.ts'
import { oneMoment } from '../../serving/one-moment.ts'
import { type Rule, rulesOf } from '../../serving/rules-of.ts'
import type { Shop } from '../../serving/shop.ts'
import { access } from '../access.ts'
import { listHeaders } from '../answer-headers.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { listEnvelope, listedItem, modelHeaders, productAnswer } from '../lists/list-answer.ts'
import { type ListNeed, listFrom } from '../lists/list-from.ts'

export const userRecommendations = (need: ListNeed): Endpoint =>
  endpoint({
    name: 'recommend-user',
    method: 'GET',
    path: '/recommend/user/{id}',
    // Whichever of them is asked first, it must leave alone what is below /recommend.
    aliases: ['/recommend/{id:regex(^(?!(cart|search)$))}', '/api/recommendations/{id}'],
    access: access.personal,
    group: 'recommendations',
    summary: 'A user’s list: trained lists, what the user and the given session did since, then what is popular',
    input: { path: UserPath, query: UserListQuery },
    output: ItemList,
    headers: listHeaders,
    persons: ({ path, query }) => [{ userId: path.id, sessionId: query.session }],
    run: ({ path, query }) => {
      const { placement, session } = query
      return listFrom(need, { wishes: query, placed: { placement, userId: path.id, sessionId: session } })
    },
  })

export const sessionRecommendations = (need: ListNeed): Endpoint =>
  endpoint({
    name: 'recommend-session',
    method: 'GET',
    path: '/recommend/session/{id}',
    access: access.personal,
    group: 'recommendations',
    summary: 'A visitor’s list, by what was done in the session; one that is not known gets what is popular',
    input: { path: SessionPath, query: SessionListQuery },
    output: ItemList,
    headers: listHeaders,
    persons: ({ path }) => [{ sessionId: path.id }],
    run: ({ path, query }) =>
      listFrom(need, { wishes: query, placed: { placement: query.placement, sessionId: path.id } }),
  })

const kinds: Readonly<Record<'hybrid' | 'als' | 'copurchase', readonly SourceName[] | undefined>> = {
  hybrid: undefined,
  als: ['item_neighbours'],
  copurchase: ['copurchase'],
}

export const itemRecommendations = (need: ListNeed): Endpoint =>
  endpoint({
    name: 'recommend-item',
    method: 'GET',
    path: '/recommend/item/{id}',
    aliases: ['/similar_items/{id}', '/api/products/{id}/similar'],
    access: access.personal,
    group: 'recommendations',
    summary: 'Items that go with an item: similar, bought together with it, or viewed by those who viewed it',
    input: { path: ItemPath, query: ItemListQuery },
    output: ItemList,
    headers: listHeaders,
    refuses: ['unknown_item'],
    persons: ({ query }) => [{ userId: query.user, sessionId: query.session }],
    run: async ({ path, query }) => {
      await knownItem(path.id, need.shop)
      const { placement, kind, user, session } = query
      const items = [path.id]
      const placed = { placement, items, sources: kinds[kind], userId: user, sessionId: session }
      return listFrom(need, { wishes: query, placed })
    },
  })

export const categoryRecommendations = (need: ListNeed): Endpoint =>
  endpoint({
    name: 'recommend-category',
    method: 'GET',
    path: '/recommend/category/{category}',
    access: access.personal,
    group: 'recommendations',
    summary: 'What a category’s page shows, to this user if one is named',
    input: { path: CategoryPath, query: CategoryListQuery },
    output: ItemList,
    headers: listHeaders,
    persons: ({ query }) => [{ userId: query.user, sessionId: query.session }],
    run: ({ path: { category }, query }) => {
      const { user, session } = query
      return listFrom(need, {
        wishes: query,
        placed: { placement: 'category', category, userId: user, sessionId: session },
      })
    },
  })

export const trending = (need: ListNeed): Endpoint =>
  endpoint({
    name: 'trending',
    method: 'GET',
    path: '/api/trending',
    access: access.catalogue,
    group: 'recommendations',
    summary: 'What the shop, or one category, is after now',
    input: { query: ListQuery },
    output: ItemList,
    headers: listHeaders,
    run: ({ query }) => {
      const sources: SourceName[] = [query.category === undefined ? 'trending' : 'category']
      return listFrom(need, { wishes: query, placed: { placement: 'home', sources } })
    },
  })

export const itemRules = ({ shop: served, ports }: { shop: Shop; ports: Pick<Ports, 'uuid'> }): Endpoint =>
  endpoint({
    name: 'rules',
    method: 'GET',
    path: '/rules/{id}',
    access: access.catalogue,
    group: 'recommendations',
    summary: 'Association rules with the item on their left side: support, confidence, lift, leverage, conviction',
    input: { path: ItemPath, query: RulesQuery },
    output: RuleList,
    headers: ['x-sidecart-model-version'],
    refuses: ['unknown_item'],
    run: async ({ path, query: { min_confidence: minConfidence, min_lift: minLift, limit } }) => {
      const shop = oneMoment(served)
      const [antecedent, live, rules] = await Promise.all([
        knownItem(path.id, shop),
        shop.live(),
        rulesOf(path.id, { limit, minConfidence, minLift }, shop),
      ])
      return {
        headers: modelHeaders(live),
        body: {
          ...{ antecedent: productAnswer(antecedent), items: rules.map(listedRule) },
          ...listEnvelope(live, ports.uuid()),
        },
      }
    },
  })

/** A rule as an item of a list: what it leads to, and why. */
function listedRule({ lhs, rhs, conviction, ...measures }: Rule): ListedRule {
  const evidence = { type: 'rule', lhs: lhs.map(({ id }) => id), ...measures } as const
  const nameOf = (itemId: string) => lhs.find(({ id }) => id === itemId)?.name ?? itemId
  return {
    ...listedItem({ item: rhs, score: measures.confidence, evidence }, { nameOf }),
    ...{ lhs: evidence.lhs, rhs: [rhs.id], lhs_details: lhs.map(productAnswer), rhs_details: [productAnswer(rhs)] },
    ...measures,
    // JSON has no infinity.
    conviction: Number.isFinite(conviction) ? conviction : null,
  }
}
