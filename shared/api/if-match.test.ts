import { describe, expect, test } from 'vitest'
import { checkPreconditions, entityTag } from './if-match.ts'

const sent = (headers: Record<string, string>) => ({ headers: new Headers(headers) })

test('entityTag() puts a version in quotes once, as Cosmos gives it with some and memory with none', () => {
  expect([entityTag('v1'), entityTag('"00-ff"')]).toEqual(['"v1"', '"00-ff"'])
})

describe('checkPreconditions()', () => {
  test.each([
    ['no condition', {}, 'v1'],
    ['the stored version', { 'if-match': '"v1"' }, '"v1"'],
    ['one of several', { 'if-match': '"v0", "v1"' }, 'v1'],
    ['any version', { 'if-match': '*' }, 'v1'],
    ['none, where there is none', { 'if-none-match': '*' }, undefined],
    ['none of another version', { 'if-none-match': '"v0"' }, 'v1'],
  ])('lets a change through that wants %s', (_, headers, version) => {
    expect(() => checkPreconditions(sent(headers), version)).not.toThrow()
  })

  test.each([
    ['another version', { 'if-match': '"v0"' }, 'v1', 'the stored version is "v1"'],
    ['a weak tag', { 'if-match': 'W/"v1"' }, 'v1', 'the stored version is "v1"'],
    ['a version without quotes', { 'if-match': 'v1' }, 'v1', 'the stored version is "v1"'],
    ['any version, where there is none', { 'if-match': '*' }, undefined, 'nothing is stored'],
    ['none, where there is one', { 'if-none-match': '*' }, 'v1', 'the stored version is "v1"'],
  ])('refuses a change that wants %s', (_, headers, version, reason) => {
    expect(() => checkPreconditions(sent(headers), version)).toThrow(
      expect.objectContaining({ code: 'precondition_failed', message: expect.stringContaining(reason) }),
    )
  })
})
