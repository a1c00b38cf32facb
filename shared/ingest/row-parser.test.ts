import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { OrderRow, ProductRow } from '../schemas/catalogue.ts'
import { rowParser } from './row-parser.ts'

test('a row is checked as its schema checks it, whatever came before', () => {
  const cell = fc.constantFrom('', 'pen', 'a/b', '1', '-1', '2.5', ' 7 ', 'no', '2011-12-09 12:50', '2011-13-01')
  for (const schema of [OrderRow, ProductRow]) {
    const columns = Object.keys(schema.shape)
    const parse = rowParser<z.ZodObject>(schema)
    const rows = fc
      .uniqueArray(fc.constantFrom(...columns))
      .chain(present => fc.record(Object.fromEntries(present.map(column => [column, cell]))))
    fc.assert(
      fc.property(rows, row => {
        const expected = schema.safeParse(row)
        const [issue] = expected.error?.issues ?? []
        const column = issue?.path.join('.') ?? ''
        const finding = { column, value: row[column] ?? null, reason: issue?.message }
        expect(parse(row)).toEqual(expected.success ? { value: expected.data } : finding)
      }),
      { numRuns: 500 },
    )
  }
})

test('a column of its own texts is not remembered without end', () => {
  let checks = 0
  const counted = z.string().refine(() => {
    checks += 1
    return true
  })
  const schema = z.object({ name: counted })
  const parse = rowParser(schema)
  for (let row = 0; row < 20_001; row++) parse({ name: `name ${row}` })
  expect(checks).toBe(20_001)
  parse({ name: 'name 20000' })
  expect(checks).toBe(20_001)
  parse({ name: 'name 0' })
  expect(checks).toBe(20_002)
})
