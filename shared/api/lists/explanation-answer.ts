import type { ListExplanation } from '../../schemas/explanation.ts'
import type { ListTrace } from '../../serving/list-trace.ts'
import { type ReasonFacts, reasonOf } from '../../serving/reasons/reason-of.ts'
import type { RecommendedList } from '../../serving/recommend.ts'

/** Items that are told by name of those kept out: a rule may keep out most of a catalogue. */
const keptOutMax = 200
/** Past items that are told one by one. */
const termsMax = 20

/** How a list was made, as `explain=full` answers it. */
export function explanationAnswer(
  { items, facts }: Pick<RecommendedList, 'items' | 'facts'>,
  trace: ListTrace,
): ListExplanation {
  const positions = trace.steps.map(({ step, itemIds }) => ({
    step,
    of: new Map(itemIds.map((itemId, place) => [itemId, place + 1])),
  }))
  const keptOut = [...trace.drops].filter(([itemId]) => !items.some(each => each.itemId === itemId))
  const stages = Map.groupBy(keptOut, ([, { stage }]) => stage)
  return {
    sources: trace.sources.map(({ source, asked, candidates }) => ({ source, asked, candidates: candidates.length })),
    steps: trace.steps.map(({ step, itemIds }) => ({ step, items: itemIds.length })),
    items: items.map(({ itemId, contributions, boosts = [], propensity }) => ({
      item_id: itemId,
      contributions: contributions.map(({ source, score, added, evidence }) => ({
        ...{ source, score, added },
        reason: reasonOf({ itemId, evidence }, facts),
      })),
      boosts: boosts.map(({ name, factor }) => ({ name, factor })),
      positions: positions.map(({ step, of }) => ({ step, position: of.get(itemId) ?? null })),
      propensity,
      ...tasteAnswer(itemId, facts),
    })),
    kept_out: Object.fromEntries([...stages].map(([stage, dropped]) => [stage, dropped.length])),
    kept_out_items: keptOut
      .slice(0, keptOutMax)
      .map(([itemId, { stage, detail }]) => ({ item_id: itemId, stage, detail })),
  }
}

function tasteAnswer(itemId: string, { taste, nameOf }: ReasonFacts): Pick<ListExplanation['items'][number], 'taste'> {
  const explained = taste?.termsOf(itemId)
  if (!explained) return {}
  const bySize = explained.terms.toSorted((a, b) => Math.abs(b.term) - Math.abs(a.term))
  const told = bySize.slice(0, termsMax).sort((a, b) => b.term - a.term)
  return {
    taste: {
      score: explained.score,
      terms: told.map(({ itemId: of, term }) => ({ item_id: of, name: nameOf(of), term })),
      others: bySize.slice(termsMax).reduce((sum, { term }) => sum + term, 0),
    },
  }
}
