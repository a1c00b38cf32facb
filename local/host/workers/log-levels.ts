import type { LogCategory, LogLevel } from '../app/core-types.ts'

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

/** Which lines are shown. */
export interface ShownLines {
  levels: LogLevels
  /** Whether lines of the host itself are shown that tell of no trouble. */
  verbose: boolean
}

interface Logged {
  level: LogLevel
  category: LogCategory
  functionName?: string
}

/** Whether a line is shown: the longest name in `levels` that its category begins with decides. */
export function isShown({ levels, verbose }: ShownLines, { level, category, functionName }: Logged): boolean {
  if (level === 'none') return false
  if (!verbose && category !== 'user' && order[level] < order.warning) return false
  const name = nameOf(category, functionName).toLowerCase()
  let least: LogLevel = levels.default ?? 'information'
  let length = 0
  for (const [beginning, one] of Object.entries(levels)) {
    if (beginning.length <= length || !name.startsWith(beginning.toLowerCase())) continue
    least = one
    length = beginning.length
  }
  return order[level] >= order[least]
}

/** What host.json calls the lines of a function, of the host about a function, or of either about none. */
function nameOf(category: LogCategory, functionName: string | undefined): string {
  if (functionName === undefined) return category === 'user' ? 'Host.Function.Console' : 'Host.General'
  return category === 'user' ? `Function.${functionName}.User` : `Function.${functionName}`
}
