import fc from 'fast-check'
import { expect, test } from 'vitest'
import { memoryPorts } from '../../adapters/memory/ports.ts'
import { literal } from '../../lake/delta/table-schema.ts'
import { maskMacros } from '../mask-macros.ts'
import { emailKey, maskEmail, maskName, maskPhone, maskText } from './mask-values.ts'

test('masks of the hub and masks of files are the same', async () => {
  await using session = await memoryPorts().sql.open()
  await session.run(maskMacros('key'))
  const piece = fc.constantFrom(
    'a',
    'B',
    'é',
    'ö',
    '@',
    '.',
    ' ',
    '-',
    '***',
    '7',
    '12345',
    '+',
    '(',
    'shop.example',
    '"',
  )
  const text = fc.array(piece, { maxLength: 9 }).map(pieces => pieces.join(''))
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 20, maxLength: 40 }), async texts => {
      const rows = await session.rows(`
        select mask_email(text) as email, email_key(text) as email_key, mask_phone(text) as phone,
          mask_name(text) as name, mask_text(text) as text
        from (select unnest([${texts.map(literal).join(', ')}]) as text)`)
      expect(rows).toEqual(
        texts.map(each => ({
          ...{ email: maskEmail(each), email_key: emailKey(each, 'key'), phone: maskPhone(each) },
          ...{ name: maskName(each), text: maskText(each) },
        })),
      )
    }),
    { numRuns: 50 },
  )
})
