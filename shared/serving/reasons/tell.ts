import type { Reason, ReasonCode } from '../../schemas/reason.ts'

/** Names told before the rest are counted. */
const namesTold = 3

/**
 * A reason whose text is the template with its values in the place of their names.
 * @throws RangeError when a name of the template has no value
 */
export function tell(code: ReasonCode, template: string, values: Reason['values'] = {}): Reason {
  const text = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new RangeError(`Cannot tell a reason as ${name} of "${template}" has no value`)
    return String(value)
  })
  return { code, text, template, values }
}

/** `A`, `A and B`, `A, B and C`, `A, B, C and 2 others`. */
export function listNames(names: readonly string[]): string {
  const others = names.length - namesTold
  const told = others > 0 ? [...names.slice(0, namesTold), others === 1 ? '1 other' : `${others} others`] : names
  return told.length < 2 ? (told[0] ?? '') : `${told.slice(0, -1).join(', ')} and ${told.at(-1)}`
}

/** A share as whole per cent; what is not nothing is never told as 0, what is not all never as 100. */
export function percentOf(share: number): number {
  const percent = Math.round(100 * share)
  if (share > 0 && share < 1) return Math.min(99, Math.max(1, percent))
  return percent
}
