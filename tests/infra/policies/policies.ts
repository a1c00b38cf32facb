import { accessPolicies } from './access.ts'
import { appPolicies } from './apps.ts'
import { dataPolicies } from './data.ts'
import { closed, formPolicies } from './form.ts'
import { networkPolicies } from './network.ts'
import type { Policy } from './policy.ts'
import { settingPolicies } from './settings.ts'
import { watchingPolicies } from './watching.ts'

const each: readonly Policy[] = [
  ...[...formPolicies, ...dataPolicies, ...appPolicies, ...settingPolicies],
  ...[...accessPolicies, ...networkPolicies, ...watchingPolicies],
]

/** All that is asked of the templates. */
export const policies: readonly Policy[] = [...each, closed(each)]
