import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { memoryPorts } from '../../adapters/memory/ports.ts'
import { literal } from '../delta/table-schema.ts'
import { pseudonymMacros, pseudonymOf } from './pseudonym.ts'

async function pseudonyms(key: string | Uint8Array, texts: readonly string[]): Promise<unknown[]> {
  await using session = await memoryPorts().sql.open()
  await session.run(pseudonymMacros(key))
  const rows = await session.rows(
    `select hmac_key(text) as digits from (select unnest([${texts.map(literal).join(', ')}]) as text)`,
  )
  return rows.map(row => row.digits)
}

test.each([
  ['1', Buffer.alloc(20, 0x0b), 'Hi There', 'b0344c61d8db38535ca8afceaf0bf12b'],
  ['2', 'Jefe', 'what do ya want for nothing?', '5bdcc146bf60754e6a042426089575c7'],
  [
    '6',
    Buffer.alloc(131, 0xaa),
    'Test Using Larger Than Block-Size Key - Hash Key First',
    '60e431591ee0b67f0d8a26aacbf5b77f',
  ],
  [
    '7',
    Buffer.alloc(131, 0xaa),
    'This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.',
    '9b09ffa71b942fcb27635fbcd5b0e944',
  ],
])('hmac_key() gives what RFC 4231 publishes, case %s', async (_case, key, text, digits) => {
  expect(await pseudonyms(key, [text])).toEqual([digits])
})

test('hmac_key() agrees with another HMAC for any key and text, and leaves absent texts absent', async () => {
  const text = fc
    .string({ unit: 'grapheme', maxLength: 90 })
    .filter(each => !each.includes('\0') && each.isWellFormed())
  await fc.assert(
    fc.asyncProperty(text, fc.array(text, { minLength: 1, maxLength: 20 }), async (key, texts) => {
      const oracle = texts.map(each => createHmac('sha256', key).update(each).digest('hex').slice(0, 32))
      expect(await pseudonyms(key, texts)).toEqual(oracle)
      expect(texts.map(each => pseudonymOf(each, key))).toEqual(oracle)
    }),
    { numRuns: 20 },
  )
  await using session = await memoryPorts().sql.open()
  await session.run(pseudonymMacros('key'))
  expect(await session.rows('select hmac_key(null) as digits')).toEqual([{ digits: null }])
})
