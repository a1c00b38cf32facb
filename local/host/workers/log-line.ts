import type { LogCategory, LogLevel } from '../app/core-types.ts'

/** A line that a function or the host itself logs. */
export interface LogLine {
  level: LogLevel
  category: LogCategory
  message: string
  functionName?: string
  invocationId?: string
}
