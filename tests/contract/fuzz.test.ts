import { describe, expect, test } from 'vitest'
import { fuzzed } from './fuzz.ts'
import { misfits } from './json-schema-check.ts'

test('whatever is sent to any operation is answered as the document says, and never by a 500', {
  timeout: 120_000,
}, async () => {
  const { asked, broken } = await fuzzed({ requests: 20, seed: 20_261_122 })
  expect(asked).toBeGreaterThan(500)
  expect(broken).toEqual([])
})

describe('the check of answers', () => {
  const schemas = { Id: { type: 'string', maxLength: 3, pattern: '^[a-z]+$' } }
  const form = {
    ...{ type: 'object', required: ['id'], additionalProperties: false },
    properties: {
      id: { $ref: '#/components/schemas/Id' },
      price: { type: ['number', 'null'], minimum: 0 },
      tags: { type: 'array', items: { enum: ['new', 'sale'] }, maxItems: 2 },
    },
  }
  test.each([
    [{ id: 'pen' }, []],
    [{ id: 'pen', price: null, tags: ['new'] }, []],
    [{}, ['$: id is missing']],
    [{ id: 'pens' }, ['$.id: "pens" is too short, too long or not of the pattern']],
    [{ id: 'pen', price: -1 }, ['$.price: -1 is out of bounds']],
    [{ id: 'pen', size: 1 }, ['$: size is not known']],
    [{ id: 'pen', tags: ['old'] }, ['$.tags[0]: "old" is none of new,sale']],
    [{ id: 'pen', tags: ['new', 'new', 'new'] }, ['$.tags: holds 3 items']],
    [[], ['$: [] is not of type object']],
  ])('finds in %j %j', (value, findings) => {
    expect(misfits(value, form, schemas)).toEqual(findings)
  })
})
