import type { ItemList, ListedItem, Product } from '../../schemas/answers.ts'
import type { Item } from '../../schemas/catalogue.ts'
import type { ListExplanation } from '../../schemas/explanation.ts'
import type { LivePointer } from '../../schemas/published.ts'
import { type ReasonFacts, reasonOf } from '../../serving/reasons/reason-of.ts'
import type { RecommendedList } from '../../serving/recommend.ts'
import type { Recommendation } from '../../serving/recommendation.ts'
import type { Answer } from '../endpoint.ts'

/** A list in the form that every route answers, with the rung it came from in the headers. */
export function listAnswer(
  { items, live, facts, placement, secondsBehind }: RecommendedList,
  of: {
    recommendationId: string
    nextCursor: string | null
    withPropensity: boolean
    explanation?: ListExplanation | undefined
  },
): Answer<ItemList> {
  const counts = new Map<string, number>()
  for (const { rung } of items) counts.set(rung, (counts.get(rung) ?? 0) + 1)
  return {
    headers: {
      'x-sidecart-rung': items[0]?.rung ?? 'none',
      'x-sidecart-rungs': [...counts].map(([rung, count]) => `${rung}=${count}`).join(','),
      ...modelHeaders(live),
    },
    body: {
      items: itemsOf(items, facts).map((listed, place) =>
        of.withPropensity ? { ...listed, propensity: items[place]?.propensity } : listed,
      ),
      placement,
      seconds_behind: secondsBehind,
      ...listEnvelope(live, of.recommendationId),
      next_cursor: of.nextCursor,
      ...(of.explanation ? { explanation: of.explanation } : {}),
    },
  }
}

/** Of lists that are given again: what is told of their items is worked out once. */
const told = new WeakMap<readonly Recommendation[], readonly ListedItem[]>()

function itemsOf(items: readonly Recommendation[], facts: ReasonFacts): readonly ListedItem[] {
  const listed = told.get(items) ?? items.map(each => listedItem(each, facts))
  told.set(items, listed)
  return listed
}

/** Where every list says what it was made by. */
export function listEnvelope(
  live: LivePointer | undefined,
  recommendationId: string,
): Omit<ItemList, 'items' | 'placement' | 'seconds_behind'> {
  return {
    recommendation_id: recommendationId,
    model_version: live?.model_version ?? null,
    generated_at: live?.generated_at ?? null,
    next_cursor: null,
  }
}

export function modelHeaders(live: LivePointer | undefined): Record<string, string> {
  return live ? { 'x-sidecart-model-version': live.model_version } : {}
}

export function listedItem(
  { item, score, evidence }: Pick<Recommendation, 'item' | 'score' | 'evidence'>,
  facts: ReasonFacts,
): ListedItem {
  const { id, name, category, price } = item
  return {
    item_id: id,
    name,
    category,
    price,
    score: Number(score.toFixed(4)),
    reason: reasonOf({ itemId: id, evidence }, facts),
  }
}

export function productAnswer({ id, name, category, price, in_stock }: Item): Product {
  return { item_id: id, name, category, price, in_stock }
}
