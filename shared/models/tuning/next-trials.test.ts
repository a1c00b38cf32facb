import { describe, expect, test } from 'vitest'
import { parseTrainingSettings } from '../../schemas/settings.ts'
import type { TuningParameters, TuningTrial } from '../../schemas/tuning.ts'
import { trainingOptions } from '../../training/options.ts'
import { bestTrial, nextTrials } from './next-trials.ts'
import { tuningParameters } from './tuned-options.ts'

const start = tuningParameters(trainingOptions(parseTrainingSettings({})))
const facts = { users: 5000, items: 3000, interactions: 50_000, isTimed: true }

describe('nextTrials()', () => {
  test('tries the parameters in force first, then what is around the best, and ends', () => {
    const trials = search(({ itemLinearShare }) => 1 - Math.abs(itemLinearShare - 1))
    expect(trials[0]?.parameters).toEqual(start)
    expect(bestTrial(trials).parameters.itemLinearShare).toBe(1)
    expect(new Set(trials.map(({ parameters }) => JSON.stringify(parameters))).size).toBe(trials.length)
  })

  test('goes on in the same way whatever the order in which trials were done', () => {
    const judge = (parameters: TuningParameters) => trialOf(parameters, parameters.itemLinearToExponent)
    const done = [judge(start)]
    for (let round = 0; round < 3; round++) done.push(...nextTrials({ facts, start, fixed: [], done }).map(judge))
    expect(nextTrials({ facts, start, fixed: [], done: [...done].reverse() })).toEqual(
      nextTrials({ facts, start, fixed: [], done }),
    )
  })

  test('tries more factors also where the linear model alone is ahead of few', () => {
    const trials = search(({ itemLinearShare, alsFactors }) => (itemLinearShare === 1 ? 0.5 : alsFactors / 500))
    expect(bestTrial(trials).parameters.alsFactors).toBe(256)
  })

  test('tries no more factors than a small shop could tell apart, or a large one keep', () => {
    const most = (users: number, items: number) => {
      const trials = search(({ alsFactors }) => alsFactors / 500, [], { ...facts, users, items })
      return bestTrial(trials).parameters.alsFactors
    }
    expect(most(800, 10_000)).toBe(64)
    expect(most(5000, 2000)).toBe(128)
    expect(most(1_000_000, 20_000)).toBe(128)
    expect(most(2_000_000, 20_000)).toBe(64)
  })

  test('leaves what is fixed as it is', () => {
    const trials = search(({ itemLinearShare }) => itemLinearShare, ['itemLinearShare', 'popularityShare'])
    expect(new Set(trials.map(({ parameters }) => parameters.itemLinearShare))).toEqual(
      new Set([start.itemLinearShare]),
    )
    expect(new Set(trials.map(({ parameters }) => parameters.popularityShare))).toEqual(
      new Set([start.popularityShare]),
    )
  })

  test('keeps the parameters in force where nothing else is better', () => {
    expect(bestTrial(search(() => 0.5)).parameters).toEqual(start)
  })
})

describe('bestTrial()', () => {
  test('is not led by a difference that users could make by chance', () => {
    const [before, noisy, better] = [
      [0.1, 0.2, 0.3, 0.4],
      [0.3, 0.1, 0.45, 0.2],
      [0.11, 0.22, 0.31, 0.42],
    ].map((groups, share) => ({ ...trialOf({ ...start, popularityShare: share / 10 }, 0), groups }))
    expect(bestTrial([before!, noisy!])).toBe(before)
    expect(bestTrial([before!, noisy!, better!])).toBe(better)
  })

  test('needs a trial', () => {
    expect(() => bestTrial([])).toThrow('there must be at least one')
  })
})

function search(
  earns: (parameters: TuningParameters) => number,
  fixed: readonly (keyof TuningParameters)[] = [],
  of = facts,
): TuningTrial[] {
  const done: TuningTrial[] = []
  for (;;) {
    const next = nextTrials({ facts: of, start, fixed, done })
    if (next.length === 0) return done
    done.push(...next.map(parameters => trialOf(parameters, earns(parameters))))
  }
}

function trialOf(parameters: TuningParameters, ndcg: number): TuningTrial {
  return { parameters, metrics: { 'ndcg@20': ndcg, 'recall@20': ndcg }, groups: [ndcg, ndcg, ndcg], seconds: 1 }
}
