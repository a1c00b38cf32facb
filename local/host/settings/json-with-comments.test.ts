import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseJsonWithComments } from './json-with-comments.ts'

describe('parseJsonWithComments()', () => {
  test('reads any JSON as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        expect(parseJsonWithComments(text)).toEqual(JSON.parse(text))
      }),
    )
  })
  test('passes over comments, but not within texts', () => {
    expect(parseJsonWithComments('\uFEFF// a\n{"a": /* b */ "// c", // d\n"e": [1, /**/ 2]}/* f */')).toEqual({
      ...{ a: '// c', e: [1, 2] },
    })
  })
  test.each([
    ['{"a": 1,}', 'line 1, column 9: expected a name in double quotes, found "}"'],
    ['{"a" 1}', 'line 1, column 6: expected ":", found "1"'],
    ['[1\n 2]', 'line 2, column 2: expected "," or "]", found "2"'],
    ["{'a': 1}", `expected a name in double quotes, found "'"`],
    ['{"a": yes}', 'line 1, column 7: expected a value, found "y"'],
    ['{} {}', 'line 1, column 4: expected the end, found "{"'],
    ['{"a": "b', 'line 1, column 7: expected a text, found "\\""'],
    ['', 'line 1, column 1: expected a value, found the end of the text'],
  ])('says where %j breaks', (text, why) => {
    expect(() => parseJsonWithComments(text)).toThrow(why)
  })
})
