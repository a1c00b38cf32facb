import { expect, test } from 'vitest'
import { memoryPorts } from '../../adapters/memory/ports.ts'
import { literal } from '../delta/table-schema.ts'
import { sqlFile } from '../sql-file.ts'

async function values(macro: string, texts: readonly string[]): Promise<unknown[]> {
  await using session = await memoryPorts().sql.open()
  await session.run(await sqlFile('macros'))
  const rows = await session.rows(
    `select ${macro}(text) as value from (select unnest([${texts.map(literal).join(', ')}]) as text)`,
  )
  return rows.map(({ value }) => value)
}

test('number_of() reads numbers as people write them', async () => {
  const texts = [
    '12.5',
    '1e3',
    ' 7 ',
    '1,234.50',
    '1.234,50',
    '12,5',
    '€ 4',
    '12,50 €',
    '$1,234',
    '-3',
    '1,234',
    '1.234',
  ]
  expect(await values('number_of', texts)).toEqual([
    12.5, 1000, 7, 1234.5, 1234.5, 12.5, 4, 12.5, 1234, -3, 1234, 1.234,
  ])
})

test('number_of() makes nothing of what is no number', async () => {
  expect(await values('number_of', ['', 'dear', 'nan', 'inf', '1,2,3', '12,345,6', '1 2'])).toEqual(Array(7).fill(null))
})

test('time_of() takes a time without an offset as UTC, and no other spelling than ISO 8601', async () => {
  const texts = [
    '2025-03-04',
    '2025-03-04 05:06',
    '2025-03-04T05:06Z',
    '2025-03-04T05:06:07.5+02:00',
    '04/03/2025',
    'infinity',
  ]
  expect(await values('time_of', texts)).toEqual([
    ...['2025-03-04T00:00:00.000Z', '2025-03-04T05:06:00.000Z', '2025-03-04T05:06:00.000Z', '2025-03-04T03:06:07.500Z'],
    ...[null, null],
  ])
})

test('list_of() reads lists of CSV and of JSON: each text once, without blanks around it', async () => {
  const texts = ['blue| wet |blue|', '["blue","wet"]', '[1, null, " wet\\t"]', '[new] sale', 'blue', '|', '[]', ' ']
  expect(await values('list_of', texts)).toEqual(['blue|wet', 'blue|wet', '1|wet', '[new] sale', 'blue', '', '', null])
})

test('list_of() makes nothing of a list with something nested in it', async () => {
  expect(await values('list_of', ['["a",["b"]]', '[{"name":"a"}]'])).toEqual([null, null])
})
