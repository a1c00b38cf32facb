import type { ItemList, ListedItem, Product } from '../../schemas/answers.ts'
import type { Item } from '../../schemas/catalogue.ts'
import type { ListExplanation } from '../../schemas/explanation.ts'
import type { LivePointer } from '../../schemas/published.ts'
import { type ReasonFacts, reasonOf } from '../../serving/reasons/reason-of.ts'
import type { RecommendedList } from '../../serving/recommend.ts'
import type { Recommendation } from '../../serving/recommendation.ts'
import type { Answer } from '../endpoint.ts'

/** A list in the form that every route answers, but for what each answer has of its own: an id, and a cursor of who asked. */
export interface WrittenList {
  headers: Record<string, string>
  body: Omit<ItemList, 'recommendation_id' | 'next_cursor'>
  nextCursor: string | null
  /** The body as JSON: before the id, between that and the cursor, and after it. */
  json: readonly [before: string, between: string, after: string]
}

/** Writes a list, with the rung it came from in the headers. */
export function writtenList(
  { items, live, facts, placement, secondsBehind }: RecommendedList,
  of: { nextCursor: string | null; withPropensity: boolean; explanation?: ListExplanation | undefined },
): WrittenList {
  const counts = new Map<string, number>()
  for (const { rung } of items) counts.set(rung, (counts.get(rung) ?? 0) + 1)
  const listed = items.map(each => {
    const item = listedItem(each, facts)
    return of.withPropensity ? { ...item, propensity: each.propensity } : item
  })
  const { recommendation_id: _, next_cursor: __, ...madeBy } = listEnvelope(live, '')
  const first = { items: listed, placement, seconds_behind: secondsBehind }
  const last = of.explanation ? { explanation: of.explanation } : {}
  return {
    headers: {
      'x-sidecart-rung': items[0]?.rung ?? 'none',
      'x-sidecart-rungs': [...counts].map(([rung, count]) => `${rung}=${count}`).join(','),
      ...modelHeaders(live),
    },
    body: { ...first, ...madeBy, ...last },
    nextCursor: of.nextCursor,
    json: [
      `${JSON.stringify(first).slice(0, -1)},"recommendation_id":`,
      `,${JSON.stringify(madeBy).slice(1, -1)},"next_cursor":`,
      of.explanation ? `,${JSON.stringify(last).slice(1)}` : '}',
    ],
  }
}

/** The answer that a list is given with. */
export function listAnswer(
  { headers, body, nextCursor, json: [before, between, after] }: WrittenList,
  recommendationId: string,
): Answer<ItemList> {
  return {
    headers,
    body: { ...body, recommendation_id: recommendationId, next_cursor: nextCursor },
    text: before + JSON.stringify(recommendationId) + between + JSON.stringify(nextCursor) + after,
  }
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
