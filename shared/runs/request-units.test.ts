import { expect, test } from 'vitest'
import { dollarsOf, requestUnitsOf } from './request-units.ts'

test('a million users’ lists written anew cost some dollars', () => {
  expect(dollarsOf(1_000_000 * requestUnitsOf.create(900), 0.28)).toBe(1.54)
  expect(dollarsOf(1_000_000 * requestUnitsOf.replace(900), 0.28)).toBe(3.08)
  expect(dollarsOf(0, 0.28)).toBe(0)
})

test('request units are those of 1 KB below it, and grow evenly to those of 100 KB', () => {
  expect([1, 1024, 100 * 1024].map(requestUnitsOf.create)).toEqual([5.5, 5.5, 50])
  expect([1, 1024, 100 * 1024].map(requestUnitsOf.replace)).toEqual([11, 11, 100])
  expect([1, 1024, 100 * 1024].map(requestUnitsOf.read)).toEqual([1, 1, 10])
})
