import { expect, test } from 'vitest'
import { nullableField } from '../../../tests/delta-table.ts'
import { memoryPorts } from '../../adapters/memory/ports.ts'
import { Statistics } from './actions.ts'
import { writeFiles } from './write-files.ts'

/** The statistics of a file with one column of these values, as it is written. */
async function boundsOf(type: unknown, values: string): Promise<unknown[]> {
  const ports = memoryPorts()
  await using session = await ports.sql.open()
  const [file] = await writeFiles(
    {
      table: 'silver/try_out',
      query: `select unnest([${values}]) as price`,
      fields: [nullableField('price', type)],
      partitionColumns: [],
    },
    session,
    ports,
  )
  const { numRecords, minValues, maxValues, nullCount } = Statistics.parse(JSON.parse(file?.stats ?? ''))
  return [numRecords, nullCount?.price, minValues?.price, maxValues?.price]
}

test.each([
  ['long', '3, null, -1', [3, 1, -1, 3]],
  ['integer', 'null::integer', [1, 1, undefined, undefined]],
  ['long', '1, 9007199254740993', [2, 0, undefined, undefined]],
  ['double', '1.5, 2.5', [2, 0, 1.5, 2.5]],
  ['double', `1.5, 'nan'::double`, [2, 0, undefined, undefined]],
  ['double', `1.5, 'inf'::double`, [2, 0, undefined, undefined]],
  ['decimal(10,2)', '1.25, 99999999.99', [2, 0, 1.25, 99999999.99]],
  ['decimal(20,2)', '1.25, 123456789012345678.25', [2, 0, undefined, undefined]],
  ['boolean', 'true, null', [2, 1, undefined, undefined]],
  ['date', `date '2026-01-31', date '1969-12-31'`, [2, 0, '1969-12-31', '2026-01-31']],
  ['date', `date '2026-01-31', date '10000-01-01'`, [2, 0, undefined, undefined]],
  [
    'timestamp',
    `timestamptz '2026-01-31 10:00:00.0005Z', timestamptz '1969-12-31 23:59:59.9995Z'`,
    [2, 0, '1969-12-31T23:59:59.999Z', '2026-01-31T10:00:00.001Z'],
  ],
  ['string', `'pear', 'apple'`, [2, 0, 'apple', 'pear']],
  ['binary', `'a'::blob`, [1, 0, undefined, undefined]],
  [{ type: 'array', elementType: 'long', containsNull: true }, '[1, 2]', [1, undefined, undefined, undefined]],
])('a file of %j tells the bounds of %s where they are safe', async (type, values, expected) => {
  expect(await boundsOf(type, values)).toEqual(expected)
})

test('long texts are cut between characters, and the upper bound stays above what was cut', async () => {
  const [, , min, max] = await boundsOf('string', `repeat('é😀', 40)`)
  const cut = 'é😀'.repeat(16)
  expect([min, max]).toEqual([cut, `${cut}\u{10ffff}`])
  expect(String(max) > 'é😀'.repeat(40)).toBe(true)
})
