import type { Ports } from '../ports.ts'
import { ItemList, RuleList } from '../schemas/answers.ts'
import type { SourceName } from '../schemas/placements.ts'
import { ItemListQuery, ItemPath, ListQuery, NoPath, RulesQuery, UserPath } from '../schemas/requests.ts'
import { knownItem } from '../serving/known-item.ts'
import type { ListRequest } from '../serving/list-request.ts'
import { oneMoment } from '../serving/one-moment.ts'
import { recommend } from '../serving/recommend.ts'
import { rulesOf } from '../serving/rules-of.ts'
import type { Shop } from '../serving/shop.ts'
import { type Answer, type Endpoint, endpoint } from './endpoint.ts'
import { listAnswer, listEnvelope, listedItem, modelHeaders, productAnswer } from './list-answer.ts'

type Need = { shop: Shop; ports: Pick<Ports, 'uuid'> }

/** Makes a list from the shop as of one moment; its id is what chance is drawn from. */
async function listFrom({ shop, ports }: Need, request: Omit<ListRequest, 'seed'>): Promise<Answer<ItemList>> {
  const recommendationId = ports.uuid()
  return listAnswer(await recommend({ ...request, seed: recommendationId }, oneMoment(shop)), recommendationId)
}

export const userRecommendations = (need: Need): Endpoint =>
  endpoint({
    name: 'recommend-user',
    method: 'GET',
    path: '/recommend/user/{id}',
    auth: 'public',
    summary: 'A user’s list: trained lists, what the user did since, then what is popular',
    input: { path: UserPath, query: ListQuery },
    output: ItemList,
    run: ({ path, query: { min_score: minScore, ...query } }) =>
      listFrom(need, { placement: 'home', userId: path.id, ...query, minScore }),
  })

const kinds: Readonly<Record<'hybrid' | 'als' | 'copurchase', readonly SourceName[] | undefined>> = {
  hybrid: undefined,
  als: ['item_neighbours'],
  copurchase: ['copurchase'],
}

export const itemRecommendations = (need: Need): Endpoint =>
  endpoint({
    name: 'recommend-item',
    method: 'GET',
    path: '/recommend/item/{id}',
    auth: 'public',
    summary: 'Items that go with an item',
    input: { path: ItemPath, query: ItemListQuery },
    output: ItemList,
    run: async ({ path, query: { min_score: minScore, kind, ...query } }) => {
      await knownItem(path.id, need.shop)
      const request = { placement: 'similar', items: [path.id], sources: kinds[kind], ...query, minScore } as const
      return listFrom(need, request)
    },
  })

export const trending = (need: Need): Endpoint =>
  endpoint({
    name: 'trending',
    method: 'GET',
    path: '/api/trending',
    auth: 'public',
    summary: 'What the shop, or one category, is after now',
    input: { path: NoPath, query: ListQuery },
    output: ItemList,
    run: ({ query: { min_score: minScore, ...query } }) => {
      const sources: SourceName[] = [query.category === undefined ? 'trending' : 'category']
      return listFrom(need, { placement: 'home', sources, ...query, minScore })
    },
  })

export const itemRules = ({ shop: served, ports }: Need): Endpoint =>
  endpoint({
    name: 'rules',
    method: 'GET',
    path: '/rules/{id}',
    auth: 'public',
    summary: 'Association rules whose left side is the item, with support, confidence and lift',
    input: { path: ItemPath, query: RulesQuery },
    output: RuleList,
    run: async ({ path, query }) => {
      const shop = oneMoment(served)
      const [antecedent, live, rules] = await Promise.all([
        knownItem(path.id, shop),
        shop.live(),
        rulesOf(path.id, query.limit, shop),
      ])
      const items = rules.map(({ item, support, confidence, lift }) => {
        const evidence = { type: 'rule', lhs: [antecedent.id], support, confidence, lift } as const
        const listed = listedItem({ item, score: confidence, evidence }, () => antecedent.name)
        return { ...listed, support, confidence, lift }
      })
      return {
        headers: modelHeaders(live),
        body: { antecedent: productAnswer(antecedent), items, ...listEnvelope(live, ports.uuid()) },
      }
    },
  })
