import type { LogLevel } from '../app/core-types.ts'

/** From what level on the lines of a category are shown, by the beginning of its name; "default" is for all others. */
export type LogLevels = Record<string, LogLevel>

const order: Record<LogLevel, number> = {
  trace: 0,
  debug: 1,
  information: 2,
  warning: 3,
  error: 4,
  critical: 5,
  none: 6,
}

/** Whether a line is shown: the longest name in `levels` that its category begins with decides. */
export function isShown(levels: LogLevels, category: string, level: LogLevel): boolean {
  if (level === 'none') return false
  let least: LogLevel = levels.default ?? 'information'
  let length = 0
  for (const [name, one] of Object.entries(levels)) {
    if (name.length <= length || !category.toLowerCase().startsWith(name.toLowerCase())) continue
    least = one
    length = name.length
  }
  return order[level] >= order[least]
}

/** What host.json calls the lines of a function, of the host about a function, or of either about none. */
export function categoryOf({ category, functionName }: { category: string; functionName?: string }): string {
  if (functionName === undefined) return category === 'user' ? 'Host.Function.Console' : 'Host.General'
  return category === 'user' ? `Function.${functionName}.User` : `Function.${functionName}`
}
