import { dataPolicies } from './data.ts'
import type { Policy } from './policy.ts'

/** All that is asked of the templates. */
export const policies: readonly Policy[] = [...dataPolicies]
