import type { Uuid } from '../ports.ts'
import type { ItemList, ListedItem, Product } from '../schemas/answers.ts'
import type { Item } from '../schemas/catalogue.ts'
import type { LivePointer } from '../schemas/published.ts'
import type { Recommendation } from '../serving/candidate.ts'
import type { Answer } from './endpoint.ts'

/** A list in the form that every route answers, with the rung it came from in the headers. */
export function listAnswer(
  list: readonly Recommendation[],
  of: { live: LivePointer | undefined; uuid: Uuid },
): Answer<ItemList> {
  const counts = new Map<string, number>()
  for (const { rung } of list) counts.set(rung, (counts.get(rung) ?? 0) + 1)
  return {
    headers: {
      'x-sidecart-rung': list[0]?.rung ?? 'none',
      'x-sidecart-rungs': [...counts].map(([rung, count]) => `${rung}=${count}`).join(','),
      ...modelHeaders(of.live),
    },
    body: { items: list.map(listedItem), ...listEnvelope(of) },
  }
}

/** Where every list says what it was made by. */
export function listEnvelope({ live, uuid }: { live: LivePointer | undefined; uuid: Uuid }): Omit<ItemList, 'items'> {
  return {
    recommendation_id: uuid(),
    model_version: live?.model_version ?? null,
    generated_at: live?.generated_at ?? null,
    next_cursor: null,
  }
}

export function modelHeaders(live: LivePointer | undefined): Record<string, string> {
  return live ? { 'x-sidecart-model-version': live.model_version } : {}
}

export function listedItem({ item, score, reason }: Recommendation): ListedItem {
  const { id, name, category, price } = item
  return { item_id: id, name, category, price, score: Number(score.toFixed(4)), reason }
}

export function productAnswer({ id, name, category, price, in_stock }: Item): Product {
  return { item_id: id, name, category, price, in_stock }
}
