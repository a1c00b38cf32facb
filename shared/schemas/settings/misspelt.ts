import { nearestName } from '../nearest-name.ts'
import { settingNames } from '../settings.ts'
import type { Environment } from './parse.ts'

const looksLikeOurs = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/

/** Settings of the environment that are almost one of ours. */
export function misspelt(environment: Environment): { name: string; meant: string }[] {
  return Object.keys(environment)
    .filter(name => looksLikeOurs.test(name) && !settingNames.some(each => each === name))
    .flatMap(name => {
      const meant = nearestName(
        name,
        settingNames.filter(each => isSlip(name, each)),
      )
      return meant === undefined ? [] : [{ name, meant }]
    })
}

/** The environment is full of other programs' settings: one of ours has the same first word, or the same other words. */
function isSlip(name: string, meant: string): boolean {
  const [first, ...rest] = name.split('_')
  const [firstMeant, ...restMeant] = meant.split('_')
  return first === firstMeant || rest.join('_') === restMeant.join('_')
}
