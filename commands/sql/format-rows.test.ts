import { expect, test } from 'vitest'
import { formatRows } from './format-rows.ts'

const rows = [
  { category: 'books', revenue: 12.5, top: ['a', 'b'] },
  { category: 'a "cup", a mug', revenue: null, top: [] },
]

test('formatRows() sets a table with numbers to the right', () => {
  expect(formatRows(rows, 'table')).toBe(
    [
      'category        revenue  top',
      '──────────────  ───────  ─────────',
      'books              12.5  ["a","b"]',
      'a "cup", a mug     null  []',
    ].join('\n'),
  )
  expect(formatRows([], 'table')).toBe('(no rows)')
})

test('formatRows() writes CSV with quotes where they are needed, and nothing for what is absent', () => {
  expect(formatRows(rows, 'csv')).toBe('category,revenue,top\nbooks,12.5,"[""a"",""b""]"\n"a ""cup"", a mug",,[]')
})

test('formatRows() writes JSON that reads back', () => {
  expect(JSON.parse(formatRows(rows, 'json'))).toEqual(rows)
  expect(JSON.parse(formatRows([], 'json'))).toEqual([])
})
