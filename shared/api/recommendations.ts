import type { Ports } from '../ports.ts'
import { ItemList, RuleList } from '../schemas/answers.ts'
import { ItemListQuery, ItemPath, ListQuery, NoPath, RulesQuery, UserPath } from '../schemas/requests.ts'
import type { Recommendation } from '../serving/candidate.ts'
import { oneMoment } from '../serving/one-moment.ts'
import { knownItem, recommendForItem } from '../serving/recommend-for-item.ts'
import { recommendForUser } from '../serving/recommend-for-user.ts'
import { rulesOf } from '../serving/rules-of.ts'
import type { Shop } from '../serving/shop.ts'
import { trendingItems } from '../serving/trending.ts'
import { type Answer, type Endpoint, endpoint } from './endpoint.ts'
import { listAnswer, listEnvelope, listedItem, modelHeaders, productAnswer } from './list-answer.ts'

type Need = { shop: Shop; ports: Pick<Ports, 'uuid'> }

/** Makes a list from the shop as of one moment, and says which model that was. */
async function listFrom(
  { shop, ports }: Need,
  list: (shop: Shop) => Promise<Recommendation[]>,
): Promise<Answer<ItemList>> {
  const now = oneMoment(shop)
  return listAnswer(await list(now), { live: await now.live(), uuid: ports.uuid })
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
      listFrom(need, shop => recommendForUser(path.id, { ...query, minScore }, shop)),
  })

export const itemRecommendations = (need: Need): Endpoint =>
  endpoint({
    name: 'recommend-item',
    method: 'GET',
    path: '/recommend/item/{id}',
    auth: 'public',
    summary: 'Items that go with an item',
    input: { path: ItemPath, query: ItemListQuery },
    output: ItemList,
    run: ({ path, query: { min_score: minScore, ...query } }) =>
      listFrom(need, shop => recommendForItem(path.id, { ...query, minScore }, shop)),
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
    run: ({ query: { min_score: minScore, ...query } }) =>
      listFrom(need, shop => trendingItems({ ...query, minScore }, shop)),
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
        const text = `${Math.round(confidence * 100)} % of baskets with ${antecedent.name} hold it too`
        const listed: Recommendation = {
          ...{ itemId: item.id, item, rung: 'similar', score: confidence, reason: { code: 'rule', text } },
        }
        return { ...listedItem(listed), support, confidence, lift }
      })
      return {
        headers: modelHeaders(live),
        body: { antecedent: productAnswer(antecedent), items, ...listEnvelope({ live, uuid: ports.uuid }) },
      }
    },
  })
