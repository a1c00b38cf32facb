import type { z } from 'zod'
import { Placement } from '../../schemas/placements.ts'
import { ExpressionError } from './expression/expression-error.ts'
import { parseExpression } from './expression/parse-expression.ts'

type Findings = z.core.$RefinementCtx<Placement>

/** A placement whose expressions can be computed and whose windows open before they close. */
export const CheckedPlacement = Placement.superRefine((placement, findings) => {
  for (const part of ['filters', 'boosts', 'pins'] as const) {
    for (const [index, { expression, from, until }] of placement[part].entries()) {
      if (expression !== undefined) checkExpression(expression, [part, index, 'expression'], findings)
      if (from !== undefined && until !== undefined && Date.parse(from) >= Date.parse(until)) {
        findings.addIssue({ code: 'custom', path: [part, index, 'until'], message: `must be later than from, ${from}` })
      }
    }
  }
  const names = placement.sources.map(({ source }) => source)
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) < index) {
      findings.addIssue({ code: 'custom', path: ['sources', index, 'source'], message: 'must be named once' })
    }
  }
})

function checkExpression(expression: string, path: (string | number)[], findings: Findings): void {
  try {
    parseExpression(expression)
  } catch (cause) {
    if (!(cause instanceof ExpressionError)) throw cause
    findings.addIssue({ code: 'custom', path, message: cause.message })
  }
}
