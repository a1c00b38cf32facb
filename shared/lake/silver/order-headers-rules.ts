import type { Rule } from '../build/ruled-build.ts'
import { orderRules } from './order-rules.ts'

export const orderHeadersRules: readonly Rule[] = [
  ...orderRules,
  {
    ...{ name: 'total', kind: 'format', column: 'total', check: '_total is null or total is not null' },
    reason: 'must be a number',
  },
]
