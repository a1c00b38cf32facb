import { explainFactors } from '../../algorithms/explain-factors.ts'
import type { FoldInSide } from '../../algorithms/fold-in.ts'
import { type EventType, eventTypes } from '../../schemas/interaction.ts'
import type { ServedModel } from '../../sources/served-model.ts'
import type { Ask } from '../../sources/source.ts'
import { knownStrengths, tasteOf } from '../../sources/taste.ts'

/** What a taste score owes most to. */
export type TasteReason =
  /** A past item; `share` is what it adds of all that past items add, those left out that take away. */
  | { type: 'item'; of: string; did: EventType; share: number }
  /** Past items add nothing: what sells now brought it. */
  | { type: 'popularity' }

/** x·y of an item and what each past item adds to it, largest first; the terms sum to the score. */
export interface TasteTerms {
  score: number
  terms: { itemId: string; term: number }[]
}

/** What a list's taste scores are made of. Undefined where the model does not know the item or nothing of the user. */
export interface TasteExplanation {
  termsOf: (itemId: string) => TasteTerms | undefined
  reasonOf: (itemId: string) => TasteReason | undefined
}

/** From weakest to strongest: what is told is the strongest thing that a user did with an item. */
const byStrength: readonly EventType[] = ['view', 'click', 'add_to_cart', 'feedback', 'rating', 'purchase']

/**
 * Explains a user's taste by the model in memory; undefined where there is none. Of a published list, which may know more
 * of the user than is known at a request, only that is told which holds whatever else it knew.
 */
export async function explainTaste(ask: Ask): Promise<TasteExplanation | undefined> {
  const model = ask.live && ask.reads.model(ask.live)
  if (!model) return undefined
  const termsOf = tasteTerms(model, knownStrengths(ask, model))
  const isWhole = (await tasteOf(ask)).by === 'folded_in' && model.itemLinearShare === 0
  const didOf = strongestDeeds(ask)
  return { termsOf, reasonOf: itemId => tasteReason(termsOf(itemId), { didOf, isWhole }) }
}

/**
 * What each past item adds to x·y of an item. What is the same for all items of a list is worked out at the first.
 * @param strengths feedback strength > 0 of each past item
 */
export function tasteTerms(
  { rowOf, factors, parameters }: Pick<ServedModel, 'rowOf' | 'parameters'> & { factors: { side: FoldInSide } },
  strengths: ReadonlyMap<string, number>,
): TasteExplanation['termsOf'] {
  const past = [...strengths].flatMap(([itemId, strength]) => {
    const column = rowOf.get(itemId)
    return column === undefined ? [] : [{ itemId, column, strength }]
  })
  let explain: ReturnType<typeof explainFactors> | undefined
  return itemId => {
    const column = rowOf.get(itemId)
    if (column === undefined || past.length === 0) return undefined
    const entries = { columns: past.map(each => each.column), strengths: past.map(({ strength }) => strength) }
    explain ??= explainFactors(entries, factors.side, parameters)
    const { score, terms } = explain(column)
    const named = past.map(({ itemId: id }, entry) => ({ itemId: id, term: terms[entry] ?? 0 }))
    return { score, terms: named.sort((a, b) => b.term - a.term || (a.itemId < b.itemId ? -1 : 1)) }
  }
}

/** @param of isWhole says that the score is of nothing but the terms and popularity */
export function tasteReason(
  explained: TasteTerms | undefined,
  { didOf, isWhole }: { didOf: (itemId: string) => EventType | undefined; isWhole: boolean },
): TasteReason | undefined {
  const [most] = explained?.terms ?? []
  if (!explained || !most) return undefined
  if (explained.score <= 0 || most.term <= 0) return isWhole ? { type: 'popularity' } : undefined
  const did = didOf(most.itemId)
  if (did === undefined) return undefined
  const added = explained.terms.reduce((sum, { term }) => sum + Math.max(0, term), 0)
  return { type: 'item', of: most.itemId, did, share: most.term / added }
}

function strongestDeeds({ user }: Ask): (itemId: string) => EventType | undefined {
  const strongest = new Map<string, number>()
  for (const [itemId, code] of user.recent) {
    const type = eventTypes[code]
    const rank = type === undefined ? -1 : byStrength.indexOf(type)
    strongest.set(itemId, Math.max(rank, strongest.get(itemId) ?? -1))
  }
  return itemId => (user.bought.has(itemId) ? 'purchase' : byStrength[strongest.get(itemId) ?? -1])
}
