import { DEPARTMENT_RULES } from './department-rules.ts'

const RULES = DEPARTMENT_RULES.map(([department, keywords]) => ({
  department,
  // Lookarounds instead of \b: 't-light' is one word, and 'pen' must not match in 'pendant'.
  pattern: new RegExp(`(?<![a-z0-9])(?:${keywords.split(', ').join('|')})(?:e?s)?(?![a-z0-9])`),
}))

/** Names the department of a product by the first rule its name meets, `Other` when it meets none. */
export function department(name: string): string {
  const text = name.toLowerCase()
  return RULES.find(({ pattern }) => pattern.test(text))?.department ?? 'Other'
}
