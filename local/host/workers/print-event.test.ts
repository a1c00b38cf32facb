import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { functionList } from './function-list.ts'
import type { HostEvent } from './messages.ts'
import { eventLine, takesColour } from './print-event.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-03-01T10:00:00.123Z') })
})
afterEach(() => {
  vi.useRealTimers()
})
const log = (level: 'information' | 'warning' | 'error', category: 'user' | 'system' = 'user'): HostEvent => ({
  ...{ type: 'log', group: 'http', level, category, message: 'said', functionName: 'f' },
})

describe('eventLine()', () => {
  test('puts the time in front', () => {
    expect(eventLine(log('information'))).toBe('[2026-03-01T10:00:00.123Z] said')
    expect(eventLine({ type: 'warning', message: 'careful' })).toBe('[2026-03-01T10:00:00.123Z] Warning: careful')
  })
  test('names who said something, not what the host says', () => {
    expect(eventLine(log('error'), { names: true })).toBe('[2026-03-01T10:00:00.123Z] f: said')
    expect(eventLine(log('error', 'system'), { names: true })).toBe('[2026-03-01T10:00:00.123Z] said')
  })
  test('colours errors and warnings only', () => {
    const first = (event: HostEvent) => eventLine(event, { colour: true }).split('[2026')[0]
    expect([log('error'), log('warning'), log('information')].map(first)).toEqual(['\u001b[31m', '\u001b[33m', ''])
    expect(first({ type: 'exited', group: 'g', pid: 1, reason: 'r', restartInMs: 5 })).toBe('\u001b[33m')
    expect(eventLine(log('error'), { colour: true }).endsWith('said\u001b[0m')).toBe(true)
  })
})

test('only a terminal takes colours, and none with NO_COLOR', () => {
  expect(takesColour({ isTTY: true }, {})).toBe(true)
  expect(takesColour({ isTTY: true }, { NO_COLOR: '' })).toBe(true)
  expect(takesColour({ isTTY: true }, { NO_COLOR: '1' })).toBe(false)
  expect(takesColour({}, {})).toBe(false)
})

test('the list of functions is that of Core Tools', () => {
  const functions = [
    { name: 'nightly', type: 'timer' },
    { name: 'items', type: 'http', route: 'api/items/{id}', methods: ['GET', 'POST'] },
    { name: 'any', type: 'http', route: 'any', methods: [] },
  ]
  expect(functionList(functions, 'http://localhost:7071')).toBe(
    '\n\nFunctions:\n\n\titems: [GET,POST] http://localhost:7071/api/items/{id}\n\n\tany: http://localhost:7071/any\n\n\tnightly: timerTrigger\n\n',
  )
})
