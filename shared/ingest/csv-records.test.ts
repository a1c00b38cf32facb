import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CsvRecord, csvRecords, type MalformedRow } from './csv-records.ts'

async function read(text: string): Promise<{ records: CsvRecord[]; malformed: MalformedRow[] }> {
  const records: CsvRecord[] = []
  const malformed: MalformedRow[] = []
  for await (const some of csvRecords(Buffer.from(text), row => void malformed.push(row))) records.push(...some)
  return { records, malformed }
}

test('rows keep their numbers from before the first quote to after it', async () => {
  const { records } = await read('id,name\n1,pen\n\n2,"cup, blue"\n3,tea\n')
  expect(records).toEqual([
    { row: 1, cells: ['id', 'name'] },
    { row: 2, cells: ['1', 'pen'] },
    { row: 4, cells: ['2', 'cup, blue'] },
    { row: 5, cells: ['3', 'tea'] },
  ])
})

test('a quote astray is told with its row, and the rows before it stand', async () => {
  const { records, malformed } = await read('id,name\n1,pen\n2,a 6" ruler\n3,tea\n')
  expect(records.map(({ row }) => row)).toEqual([1, 2, 4])
  expect(malformed).toMatchObject([{ row: 3, column: '(row)', reason: expect.stringContaining('Quote') }])
})

test('characters and lines cut between two readings are joined: a file of a megabyte reads as written', async () => {
  const names = Array.from({ length: 60_000 }, (_, row) => `${row} Été à Besançon`)
  const { records } = await read(`name\r\n${names.join('\r\n')}`)
  expect(records.slice(1).map(({ cells }) => cells[0])).toEqual(names)
  expect(records.at(-1)?.row).toBe(60_001)
})

test('any table, quoted where it must be or everywhere, reads as csv-parse alone reads it', async () => {
  const cell = fc.string({ unit: fc.constantFrom('a', 'é', ',', ';', '"', ' ', '\n', '\t') })
  const table = fc.array(fc.tuple(cell, cell, fc.boolean()), { maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(table, async rows => {
      const lines = rows.map(([a, b, always]) => [a, b].map(text => quoted(text, always)).join(','))
      const text = `id,name\n${lines.map(line => `${line}\n`).join('')}`
      const { records, malformed } = await read(text)
      expect(malformed).toEqual([])
      expect(records.map(({ cells }) => cells)).toEqual(parse(text, { skip_empty_lines: true }))
    }),
  )
})

function quoted(text: string, always: boolean): string {
  return always || /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
