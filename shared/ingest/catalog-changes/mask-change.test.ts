import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { maskChange } from './mask-change.ts'

const change = (data: unknown, fields: Record<string, unknown> = {}) => ({
  ...{ schema_version: 1, change_id: '00000001-0000-4000-8000-000000000000', op: 'update', entity: 'customer' },
  ...{ key: 'anna', ts: '2026-01-01T12:00:00Z', data, ...fields },
})
const dataOf = (data: unknown) => maskChange(change(data), 'key')
const annasKey = createHmac('sha256', 'key').update('anna@shop.example').digest('hex').slice(0, 32)

test('of a customer stay the masks of name, e-mail and phone, and a key of the e-mail', () => {
  const data = { email: 'Anna@Shop.example', phone: '+49 170 1234567', name: 'Anna Maria Smith', country: 'Malta' }
  const kept = { email_masked: 'an***@shop.example', email_key: annasKey, phone_masked: '***67', country: 'Malta' }
  expect(dataOf(data)).toEqual(change({ ...kept, name_masked: 'A. M. S.' }))
  expect(dataOf({ first_name: 'Anna', last_name: 'Smith' })).toEqual(change({ name_masked: 'A. S.' }))
})

test('what is masked already stays as it is', () => {
  const data = { email_masked: 'an***@shop.example', email_key: annasKey, phone_masked: '***67', name_masked: 'A. S.' }
  expect(dataOf(data)).toEqual(change(data))
})

test('no e-mail, phone or name stands anywhere, however deep and whatever the shape', () => {
  const secret = {
    contact: { mail: 'anna@shop.example', mobile: 49170, name: 'Anna' },
    note: ['ask anna@shop.example'],
  }
  for (const body of [
    change(secret),
    change([secret]),
    { ...secret },
    [secret],
    'anna@shop.example',
    change('Anna', secret),
  ]) {
    const text = JSON.stringify(maskChange(body, 'key'))
    expect(text).not.toMatch(/anna@|49170|"name":"Anna/)
  }
})

test('products are not touched: their name is theirs', () => {
  const product = change({ name: 'Phone case', description: 'mail us: shop@shop.example' }, { entity: 'item' })
  expect(maskChange(product, 'key')).toBe(product)
})
