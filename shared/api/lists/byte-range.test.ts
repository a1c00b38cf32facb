import { expect, test } from 'vitest'
import { AppError } from '../../schemas/errors.ts'
import { byteRange } from './byte-range.ts'

test.each([
  ['bytes=0-3', { from: 0, to: 4 }],
  ['bytes=4-', { from: 4, to: 10 }],
  ['bytes=4-99', { from: 4, to: 10 }],
  ['bytes=-3', { from: 7, to: 10 }],
  ['bytes=-30', { from: 0, to: 10 }],
  ['bytes=9-9', { from: 9, to: 10 }],
  [null, undefined],
  ['bytes=-', undefined],
  ['bytes=5-4', undefined],
  ['bytes=0-1,4-5', undefined],
  ['items=0-1', undefined],
])('of ten bytes %j are %j', (header, range) => {
  expect(byteRange(header, 10)).toEqual(range)
})

test.each(['bytes=10-', 'bytes=10-12', 'bytes=-0'])('of ten bytes %s are none', header => {
  expect(() => byteRange(header, 10)).toThrow(AppError)
})
