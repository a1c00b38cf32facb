import { describe, expect, test } from 'vitest'
import type { LogLevel } from '../app/core-types.ts'
import { isShown, type LogLevels } from './log-levels.ts'

const of = (functionName: string | undefined, category: 'user' | 'system') => (level: LogLevel, levels: LogLevels) =>
  isShown({ levels, verbose: true }, { level, category, ...(functionName !== undefined && { functionName }) })

describe('isShown()', () => {
  test('shows from information on by default', () => {
    const user = of('f', 'user')
    expect([user('debug', {}), user('information', {}), user('none', {})]).toEqual([false, true, false])
  })
  test('goes by the longest beginning of the category, in any case', () => {
    const levels: LogLevels = {
      default: 'error',
      Function: 'warning',
      'function.f.USER': 'debug',
      'Function.g': 'none',
    }
    expect(of('f', 'user')('debug', levels)).toBe(true)
    expect(of('f', 'system')('information', levels)).toBe(false)
    expect(of('f', 'system')('warning', levels)).toBe(true)
    expect(of('g', 'user')('critical', levels)).toBe(false)
    expect(of(undefined, 'user')('warning', levels)).toBe(false)
    expect(of(undefined, 'user')('information', { 'Host.Function.Console': 'trace' })).toBe(true)
  })
  test('leaves the host’s own lines out that tell of no trouble, unless verbose', () => {
    const terse = { levels: {}, verbose: false }
    expect(isShown(terse, { level: 'information', category: 'system', functionName: 'f' })).toBe(false)
    expect(isShown(terse, { level: 'warning', category: 'system', functionName: 'f' })).toBe(true)
    expect(isShown(terse, { level: 'information', category: 'user', functionName: 'f' })).toBe(true)
  })
})
