import { describe, expect, test } from 'vitest'
import { csrFromTriples } from './csr.ts'
import { stackRows } from './stack-rows.ts'

const whole = csrFromTriples({
  rows: 4,
  columns: 3,
  rowOf: [0, 0, 2, 3],
  columnOf: [0, 2, 1, 2],
  valueOf: [1, 2, 3, 4],
})
const first = csrFromTriples({ rows: 2, columns: 3, rowOf: [0, 0], columnOf: [0, 2], valueOf: [1, 2] })
const second = csrFromTriples({ rows: 2, columns: 3, rowOf: [0, 1], columnOf: [1, 2], valueOf: [3, 4] })

describe('stackRows()', () => {
  test('gives the matrix that was cut, rows without entries too', () => {
    expect(stackRows([first, second], 3)).toEqual(whole)
  })

  test('gives a matrix without rows for no parts', () => {
    expect(stackRows([], 3)).toMatchObject({ rows: 0, columns: 3, indptr: new Uint32Array(1) })
  })

  test('names a part that has other columns', () => {
    expect(() => stackRows([first, { ...second, columns: 5 }], 3)).toThrow(
      'Cannot stack rows as a part must have 3 columns: current value is 5',
    )
  })
})
