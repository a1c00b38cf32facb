import { expect, test } from 'vitest'
import { told } from './units.ts'

test('told() writes values as people read them', () => {
  expect(told(1234567, 'money')).toBe('1,234,567')
  expect(told(12.345, 'money')).toBe('12.35')
  expect(told(1234567, 'count', { short: true })).toBe('1.23M')
  expect(told(0.0123, 'percent')).toBe('1.2%')
  expect(told(null, 'count')).toBe('–')
  expect(told('2026-01-31T12:30:00.000Z', 'text')).toBe('2026-01-31 12:30')
  expect(told(7_200, 'seconds')).toBe('2 hours')
})
