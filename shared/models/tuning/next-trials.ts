import type { TuningParameters, TuningTrial } from '../../schemas/tuning.ts'
import { type DatasetFacts, type SearchRound, searchRounds } from './search-space.ts'

/**
 * The trials to run next, which do not wait for each other; empty when the search is over. Depends on nothing but what is
 * done, so that a search goes on after a crash where it stood.
 * @param search done in any order; start are the parameters in force, which are tried first; fixed the names of
 * those that keep their value
 */
export function nextTrials(search: {
  facts: DatasetFacts
  start: TuningParameters
  fixed: readonly (keyof TuningParameters)[]
  done: readonly TuningTrial[]
  rounds?: readonly SearchRound[]
}): TuningParameters[] {
  const { facts, start, fixed, done, rounds = searchRounds } = search
  const trialOf = new Map(done.map(trial => [keyOf(trial.parameters), trial]))
  let best = start
  const known: TuningTrial[] = []
  for (const round of [() => [start], ...rounds]) {
    const factored = known.filter(({ parameters }) => parameters.itemLinearShare < 1)
    const withFactors = factored.length === 0 ? best : bestTrial(factored).parameters
    const candidates = distinct(round(best, facts, withFactors).map(candidate => withKept(candidate, start, fixed)))
    const missing = candidates.filter(candidate => !trialOf.has(keyOf(candidate)))
    if (missing.length > 0) return missing
    known.push(...candidates.flatMap(candidate => trialOf.get(keyOf(candidate)) ?? []))
    best = bestTrial(known).parameters
  }
  return []
}

/**
 * The trial to keep. One takes the place of those before it only where its NDCG@20 is higher by more than the standard
 * error of the difference over the groups of users: what could be chance changes nothing.
 * @throws RangeError without trials
 */
export function bestTrial(trials: readonly TuningTrial[]): TuningTrial {
  const [first, ...others] = trials
  if (!first) throw new RangeError('Cannot choose a trial as there must be at least one')
  return others.reduce((best, trial) => (isBetter(trial, best) ? trial : best), first)
}

function isBetter(trial: TuningTrial, best: TuningTrial): boolean {
  const differences = trial.groups.map((ndcg, group) => ndcg - (best.groups[group] ?? 0))
  const count = differences.length
  const mean = differences.reduce((sum, difference) => sum + difference, 0) / count
  const squares = differences.reduce((sum, difference) => sum + (difference - mean) ** 2, 0)
  return mean > Math.sqrt(squares / Math.max(1, count - 1) / count)
}

function withKept(
  candidate: TuningParameters,
  start: TuningParameters,
  names: readonly (keyof TuningParameters)[],
): TuningParameters {
  const kept = { ...candidate }
  for (const name of names) kept[name] = start[name]
  return kept
}

function distinct(candidates: readonly TuningParameters[]): TuningParameters[] {
  return [...new Map(candidates.map(candidate => [keyOf(candidate), candidate])).values()]
}

function keyOf(parameters: TuningParameters): string {
  return JSON.stringify(Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1)))
}
