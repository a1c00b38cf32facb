import { describe, expect, test } from 'vitest'
import { AppError } from '../schemas/errors.ts'
import { parsedJson } from './json-body.ts'

const bytes = (text: string) => Buffer.from(text)
const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`

function refusal(body: Uint8Array): AppError['errors'][number] | undefined {
  try {
    parsedJson(body)
  } catch (cause) {
    if (cause instanceof AppError && cause.code === 'invalid_body') return cause.errors[0]
    throw cause
  }
  return undefined
}

describe('parsedJson()', () => {
  test.each([
    ['', {}],
    [' \n', {}],
    ['\ufeff{"a":1}', { a: 1 }],
    ['{"a":1,"a":2}', { a: 2 }],
    ['"[[[[ , , , \\" {{{{"', '[[[[ , , , " {{{{'],
    ['{"grüße":"😀"}', { grüße: '😀' }],
    ['{"text":"\\ud83d\\ude00"}', { text: '😀' }],
  ])('%j is %j', (text, value) => {
    expect(parsedJson(bytes(text))).toEqual(value)
  })

  test.each([
    ['{"a":', 'not_json', '(body)'],
    [`{"a":[{"__proto__":{"admin":true}}]}`, 'invalid', 'a[0].__proto__'],
    [String.raw`{"\u005f_proto__":{"admin":true}}`, 'invalid', '__proto__'],
    ['[1,{"b":{"constructor":{"prototype":{}}}}]', 'invalid', '[1].b.constructor'],
    ['{"a":["x","\\ud83d"]}', 'invalid', 'a[1]'],
    ['{"\\ud83d":1}', 'invalid', '\ufffd'],
  ])('%s is refused', (text, code, field) => {
    expect(refusal(bytes(text))).toMatchObject({ code, field })
  })

  test('what is no UTF-8 is refused, as another text would be stored than was sent', () => {
    expect(refusal(new Uint8Array([0x22, 0xff, 0x22]))).toMatchObject({ code: 'not_utf8' })
    expect(refusal(new Uint8Array([0x22, 0xc3, 0x22]))).toMatchObject({ code: 'not_utf8' })
  })

  test('32 levels and 100,000 values are taken, one more of either is not', () => {
    expect(refusal(bytes(nested(32)))).toBeUndefined()
    expect(refusal(bytes(nested(33)))).toMatchObject({
      code: 'too_deep',
      reason: expect.stringContaining('at byte 32'),
    })
    const zeros = (count: number) => bytes(`[${Array(count).fill('0').join(',')}]`)
    expect(refusal(zeros(99_999))).toBeUndefined()
    expect(refusal(zeros(100_000))).toMatchObject({ code: 'too_many' })
  })

  test('bodies that would grow are refused without growing: 20 MB at most for 2 MiB of each', () => {
    const mebibytes = 2 * 1024 * 1024
    const bombs = ['[', '{"a":', '[],', '{},', '0,', '"",'].map(part => bytes(part.repeat(mebibytes / part.length)))
    const before = process.memoryUsage()
    for (const bomb of bombs) expect(refusal(bomb)).toMatchObject({ code: expect.stringMatching(/^too_/) })
    const after = process.memoryUsage()
    expect(after.heapUsed + after.external - before.heapUsed - before.external).toBeLessThan(20e6)
  })
})
