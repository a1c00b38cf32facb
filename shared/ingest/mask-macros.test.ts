import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { memoryPorts } from '../adapters/memory/ports.ts'
import { literal } from '../lake/delta/table-schema.ts'
import { maskMacros } from './mask-macros.ts'

async function masked(macro: string, text: string | null): Promise<unknown> {
  await using session = await memoryPorts().sql.open()
  await session.run(maskMacros('key'))
  const once = await session.rows(`select ${macro}(${literal(text)}::varchar) as text`)
  return once[0]?.text
}

test.each([
  ['mask_email', 'anna.smith@shop.example', 'an***@shop.example'],
  ['mask_email', ' Anna@Shop.Example ', 'an***@shop.example'],
  ['mask_email', 'ab@shop.example', 'a***@shop.example'],
  ['mask_email', 'a@shop.example', '***@shop.example'],
  ['mask_email', '"odd@one"@shop.example', '"o***@shop.example'],
  ['mask_email', 'anna at shop', '***'],
  ['mask_phone', '+49 170 1234567', '***67'],
  ['mask_phone', '(0170) 12-34-5', '***45'],
  ['mask_phone', '1234', '***'],
  ['mask_name', 'Anna Maria Smith', 'A. M. S.'],
  ['mask_name', 'élodie  brun-dupont', 'É. B. D.'],
  ['mask_name', '', ''],
  ['mask_text', 'ask anna@shop.example, or bob.b@mail.example.', 'ask ***, or ***.'],
  [
    'mask_text',
    '{"contact": {"first_name": "An\\"na", "phone" : 170123}, "size": 4}',
    '{"contact": {"first_name": "***", "phone" : "***"}, "size": 4}',
  ],
  ['mask_text', 'left at 5 {am}', 'left at 5 {am}'],
])('%s(%j) leaves %j, and no less when it is masked again', async (macro, text, expected) => {
  expect(await masked(macro, text)).toBe(expected)
  expect(await masked(macro, expected)).toBe(expected)
})

test('an absent value stays absent', async () => {
  for (const macro of ['mask_email', 'email_key', 'mask_phone', 'mask_name', 'mask_text']) {
    expect(await masked(macro, null)).toBeNull()
  }
})

test('one e-mail has one key, however it is written', async () => {
  const key = createHmac('sha256', 'key').update('anna@shop.example').digest('hex').slice(0, 32)
  expect(await masked('email_key', 'anna@shop.example')).toBe(key)
  expect(await masked('email_key', ' Anna@SHOP.example')).toBe(key)
})
