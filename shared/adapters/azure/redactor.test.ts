import { describe, expect, test } from 'vitest'
import { Redactor } from './redactor.ts'

function knowing(...secrets: string[]): Redactor {
  const redactor = new Redactor()
  redactor.know(secrets)
  return redactor
}

describe('a redactor', () => {
  test('hides the secrets it knows, as they are, in JSON and in addresses', () => {
    const secret = 'a"key\\with+all/of=it'
    const { redact } = knowing(secret)
    const lines = [
      secret,
      JSON.stringify({ secret }),
      JSON.stringify(JSON.stringify({ secret })),
      encodeURIComponent(secret),
    ]
    for (const line of lines) expect(redact(`before ${line} after`)).toMatch(/^before .*\*\*\*.* after$/)
    for (const line of lines) expect(redact(line)).not.toContain('with')
  })

  test('hides the key within a connection string that it knows, wherever that key turns up', () => {
    const { redact } = knowing('Endpoint=sb://shop/;SharedAccessKeyName=all;SharedAccessKey=key-of-the-hub=')
    expect(redact('cannot sign with key-of-the-hub=')).toBe('cannot sign with ***')
  })

  test('of two secrets, one the beginning of the other, leaves nothing of either', () => {
    expect(knowing('abcdefgh', 'abcdefgh-and-more').redact('x abcdefgh-and-more y abcdefgh')).toBe('x *** y ***')
  })

  test('knows only the newest secrets', () => {
    const redactor = knowing('the-key-of-before')
    redactor.know(['the-key-of-now'])
    expect(redactor.redact('the-key-of-before the-key-of-now')).toBe('the-key-of-before ***')
  })

  test.each([
    ['DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=abc+/=;EndpointSuffix=x', 'AccountKey ***'],
    ['https://shop.blob.core.windows.net/a?sv=2025&sig=aB%2Bc%3D&se=1', 'sig ***&se=1'],
    ['authorization: Bearer abcdef.12345', 'authorization ***'],
    ['got Bearer abcdef.12345 from them', 'got Bearer *** from them'],
    ['{"headers":{"x-api-key":"0123456789"}}', 'x-api-key ***"'],
    ['{"error":"{\\"x-functions-key\\":\\"0123456789\\"}"}', 'x-functions-key ***'],
    ['token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm5hIn0.c2lnbmF0dXJl!', 'token ***!'],
    [`key ${'A'.repeat(86)}== of an account`, 'key *** of an account'],
  ])('hides what looks like a secret in %j', (text, kept) => {
    const told = new Redactor().redact(text)
    expect(told).toContain(kept)
    expect(told).not.toMatch(/abc|0123|c2lnbmF0|AAAA|aB%2B/)
  })

  test.each([
    '{"level":"info","stage":"silver","read":5120,"token":3,"durationMs":812}',
    `{"manifest":"${'0123456789abcdef'.repeat(4)}","run":"refresh-0123456789abcdef"}`,
    'Cannot take the top n as n must be an integer: current value is 1.5',
    'basically bearer of news',
  ])('leaves %s as it is', line => {
    expect(knowing('a secret of the shop').redact(line)).toBe(line)
  })

  test('leaves short values alone, which would garble every line', () => {
    expect(knowing('-', 'memory').redact('memory-bound')).toBe('memory-bound')
  })

  test('hides what errors and their causes tell', () => {
    const error = new Error('cannot open', { cause: new Error('AccountKey=abc123;') })
    knowing('cannot-be-told').redactError(error)
    expect(`${error.cause instanceof Error && error.cause.stack}`).toContain('AccountKey ***')
  })
})
