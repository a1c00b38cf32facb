import { type Random, seededRandom } from '../../shared/algorithms/random.ts'
import { BicepError } from './bicep/syntax.ts'
import { bicepFiles, infrastructure, type ScenarioName, scenarioNames } from './infrastructure.ts'
import { type Mutant, mutantsOf } from './mutants.ts'
import { policies } from './policies/policies.ts'

/** How a planted fault ended: told by policies, refused by the reader, not found, or no fault as the file is no Bicep any more. */
type Outcome = 'policy' | 'reader' | 'survived' | 'no bicep'

/** Plants a fault and asks all policies: first where all is deployed, and only then of every scenario. */
function outcomeOf({ file, text }: Mutant): Outcome {
  try {
    const isTold = (names: readonly ScenarioName[]) => {
      const changed = infrastructure({ [file]: text }, names)
      return policies.some(({ broken }) => broken(changed).length > 0)
    }
    return isTold(['enterprise, all options']) || isTold(scenarioNames) ? 'policy' : 'survived'
  } catch (cause) {
    if (!(cause instanceof BicepError)) throw cause
    return /cannot be parsed|is missing$/.test(cause.message) ? 'no bicep' : 'reader'
  }
}

/** Every fault that can be planted in the templates, in an order of chance. */
export function allMutants(seed: number): Mutant[] {
  const { text } = infrastructure()
  const random = seededRandom(seed)
  return shuffled(
    bicepFiles.flatMap(file => mutantsOf(text(file), file)),
    random,
  )
}

function shuffled<T>(list: readonly T[], random: Random): T[] {
  return list
    .map(item => ({ item, at: random() }))
    .sort((left, right) => left.at - right.at)
    .map(({ item }) => item)
}

export function mutantText({ file, line, kind, change }: Mutant): string {
  return `${file}:${line}: ${kind}: ${change}`
}

/** Plants faults until so many were faults at all; those that nobody told are the second value. */
export function plant(mutants: readonly Mutant[], count = mutants.length): { planted: number; survived: Mutant[] } {
  const survived: Mutant[] = []
  let planted = 0
  for (const mutant of mutants) {
    if (planted === count) break
    const outcome = outcomeOf(mutant)
    if (outcome !== 'no bicep') planted += 1
    if (outcome === 'survived') survived.push(mutant)
  }
  return { planted, survived }
}

/** Of planted faults this share may stay untold: some change nothing that anybody would notice. */
export const untoldMax = 0.05
