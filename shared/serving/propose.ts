import { blend } from '../algorithms/blend.ts'
import type { SourceName } from '../schemas/placements.ts'
import { type Rung, rungs } from '../schemas/rung.ts'
import { allSources } from '../sources/all-sources.ts'
import type { Evidence } from '../sources/evidence.ts'
import type { Ask, Candidate, Source } from '../sources/source.ts'
import type { Asked } from './ask.ts'
import type { ListRequest } from './list-request.ts'
import type { ListTrace } from './list-trace.ts'
import type { Contribution, Recommendation } from './recommendation.ts'

/** Times as many as are of use are kept of what is blended: only a boost lifts what stands further down. */
const blendedMax = 2

/** Candidates of the placement's sources, read together and blended: best first, scores relative to the best. */
export async function proposed(
  { ask, placement }: Asked,
  request: Pick<ListRequest, 'sources'>,
  trace?: ListTrace,
): Promise<Recommendation[]> {
  const chosen = request.sources
    ? request.sources.map(source => ({ source, weight: 1, candidates: ask.n }))
    : placement.sources
  const answers = await Promise.all(
    chosen.map(async ({ source: name, weight, candidates: most }) => {
      const source = sourceNamed(name)
      const candidates = (await source.read(most < ask.n ? { ...ask, n: most } : ask)).slice(0, most)
      trace?.proposed(name, 'first', candidates)
      return { source, weight, candidates }
    }),
  )
  const evidence = answers.map(({ candidates }) => new Map(candidates.map(each => [each.itemId, each.evidence])))
  const blended = blend(answers).slice(0, placement.boosts.length > 0 ? undefined : blendedMax * ask.n)
  const best = blended[0]?.score ?? 1
  return blended.flatMap(({ itemId, score, contributions }) => {
    const item = ask.items.get(itemId)
    if (!item) return []
    const told = contributions.flatMap(({ source: place, score: own, added }): Contribution[] => {
      const [answer, says] = [answers[place], evidence[place]?.get(itemId)]
      return answer && says ? [{ source: answer.source.name, score: own, added: added / best, evidence: says }] : []
    })
    const rungsOf = contributions.map(({ source: place }) => rungOf(answers[place]?.source, ask))
    return recommendation({
      item,
      score: score / best,
      rung: firstRung(rungsOf),
      contributions: told.sort((a, b) => b.added - a.added),
    })
  })
}

/** What one source has for a list that is short: scores relative to its own best. */
export async function backfilled(name: SourceName, ask: Ask, trace?: ListTrace): Promise<Recommendation[]> {
  const source = sourceNamed(name)
  const candidates = await source.read(ask)
  trace?.proposed(name, 'backfill', candidates)
  return candidates.flatMap(({ itemId, score, evidence }: Candidate) => {
    const item = ask.items.get(itemId)
    const rung = rungOf(source, ask)
    return item
      ? recommendation({ item, score, rung, contributions: [{ source: name, score, added: score, evidence }] })
      : []
  })
}

function recommendation(of: Pick<Recommendation, 'item' | 'score' | 'rung' | 'contributions'>): Recommendation[] {
  const evidence = strongestEvidence(of.contributions)
  return evidence ? [{ ...of, itemId: of.item.id, evidence, propensity: 1 }] : []
}

/**
 * What adds most to the score: sources that point to the same item speak with one voice. On a tie what names something comes
 * before what only says taste.
 */
function strongestEvidence(contributions: readonly Contribution[]): Evidence | undefined {
  const voices = new Map<string, { added: number; evidence: Evidence }>()
  for (const { added, evidence } of contributions) {
    const key = evidence.type === 'neighbour' ? `of ${evidence.of}` : evidence.type
    const voice = voices.get(key)
    if (voice) voice.added += added
    else voices.set(key, { added, evidence })
  }
  const names = ({ evidence }: { evidence: Evidence }) => Number(evidence.type !== 'taste')
  return [...voices.values()].sort((a, b) => b.added - a.added || names(b) - names(a))[0]?.evidence
}

function sourceNamed(name: SourceName): Source {
  const source = allSources.get(name)
  if (!source) throw new RangeError(`Cannot ask the source ${name} as there is none of this name`)
  return source
}

/** Neighbours of the page's item are of the item, those of what was just done are of the session. */
function rungOf(source: Source | undefined, ask: Ask): Rung {
  const rung = source?.rung ?? 'catalogue'
  return rung === 'session' && ask.seeds.length > 0 ? 'item' : rung
}

function firstRung(of: readonly Rung[]): Rung {
  return rungs.find(rung => of.includes(rung)) ?? 'catalogue'
}
