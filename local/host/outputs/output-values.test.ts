import { describe, expect, test } from 'vitest'
import { bytesOf, messagesOf } from './output-values.ts'

describe('messagesOf()', () => {
  test.each([
    [{ string: 'plain' }, ['plain']],
    [{ string: ' {"a":1} ' }, ['{\n  "a": 1\n}']],
    [{ json: '[1,"a",true,null,{"b":[]}]' }, ['1', 'a', 'True', '', '{\n  "b": []\n}']],
    [{ json: 'false' }, ['False']],
    [{ json: '[]' }, []],
    [{ int: 3 }, ['3']],
    [{ int: { low: -1, high: 1, unsigned: false } }, ['8589934591']],
    [{ double: 1.5 }, ['1.5']],
  ])('of %j are %j', (data, messages) => {
    expect(messagesOf(data)).toEqual(messages)
  })
  test('refuses text that looks like JSON and is none, and a value of no kind', () => {
    expect(() => messagesOf({ string: '{a}' })).toThrow(SyntaxError)
    expect(() => messagesOf({})).toThrow('An output must be text, bytes, a number or an object')
  })
})

describe('bytesOf()', () => {
  test.each([
    [{ string: '{"a": 1}' }, Buffer.from('{"a": 1}')],
    [{ json: '{"a":1}' }, Buffer.from('{"a":1}')],
    [{ json: 'true' }, Buffer.from([1])],
    [{ int: 258 }, Buffer.from([2, 1, 0, 0])],
    [{ double: 0.5 }, Buffer.from([0, 0, 0, 0, 0, 0, 0xe0, 0x3f])],
    [{ bytes: Uint8Array.of(9) }, Uint8Array.of(9)],
  ])('of %j', (data, bytes) => {
    expect(bytesOf(data)).toEqual(bytes)
  })
})
