import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Csr, csrFromTriples, decodeCsr, encodeCsr, transpose } from './csr.ts'

const small = () =>
  csrFromTriples({ rows: 3, columns: 4, rowOf: [2, 0, 2, 0, 2], columnOf: [3, 1, 0, 0, 3], valueOf: [1, 5, 2, 4, 0.5] })

const triples = fc.integer({ min: 1, max: 8 }).chain(rows =>
  fc.integer({ min: 1, max: 8 }).chain(columns =>
    fc
      .array(
        fc.record({
          row: fc.integer({ min: 0, max: rows - 1 }),
          column: fc.integer({ min: 0, max: columns - 1 }),
          value: fc.integer({ min: -4, max: 4 }),
        }),
        { maxLength: 40 },
      )
      .map(cells => ({
        rows,
        columns,
        rowOf: cells.map(cell => cell.row),
        columnOf: cells.map(cell => cell.column),
        valueOf: cells.map(cell => cell.value),
      })),
  ),
)

describe('csrFromTriples()', () => {
  test('sorts columns within a row, sums duplicates and leaves empty rows empty', () => {
    expect(small()).toEqual({
      rows: 3,
      columns: 4,
      indptr: Uint32Array.of(0, 2, 2, 4),
      indices: Uint32Array.of(0, 1, 0, 3),
      values: Float32Array.of(4, 5, 2, 1.5),
    })
  })

  test('agrees with a dense sum over the triples, whatever their order', () => {
    fc.assert(
      fc.property(triples, input => {
        const expected = dense(input.rows, input.columns)
        input.rowOf.forEach((row, triple) => {
          expected[row]![input.columnOf[triple]!]! += input.valueOf[triple]!
        })
        expect(toDense(csrFromTriples(input))).toEqual(expected)
      }),
    )
  })

  test('sums duplicates in 64 bits: a million ones are a million', () => {
    const length = 1_000_000
    const zeros = new Uint32Array(length)
    const sum = csrFromTriples({
      rows: 1,
      columns: 1,
      rowOf: zeros,
      columnOf: zeros,
      valueOf: new Float32Array(length).fill(0.1),
    })
    expect(sum.values[0]).toBeCloseTo(100_000, 1)
  })

  test('no triples give a matrix without entries', () => {
    const empty = csrFromTriples({ rows: 2, columns: 0, rowOf: [], columnOf: [], valueOf: [] })
    expect(empty.indptr).toEqual(Uint32Array.of(0, 0, 0))
    expect(transpose(empty)).toMatchObject({ rows: 0, columns: 2, indptr: Uint32Array.of(0) })
  })

  test.each([
    [{ rowOf: [3], columnOf: [0], valueOf: [1] }, 'row of triple 0 must be an integer from 0 to 2: current value is 3'],
    [
      { rowOf: [0], columnOf: [-1], valueOf: [1] },
      'column of triple 0 must be an integer from 0 to 3: current value is -1',
    ],
    [{ rowOf: [0.5], columnOf: [0], valueOf: [1] }, 'current value is 0.5'],
    [{ rowOf: [0], columnOf: [0], valueOf: [Number.NaN] }, 'value of triple 0 must be finite: current value is NaN'],
    [{ rowOf: [0, 1], columnOf: [0], valueOf: [1] }, 'must have one length: they have 2, 1 and 1'],
  ])('refuses %j', (cells, message) => {
    expect(() => csrFromTriples({ rows: 3, columns: 4, ...cells })).toThrow(message)
  })
})

describe('transpose()', () => {
  test('exchanges rows and columns, and twice is the matrix itself', () => {
    expect(toDense(transpose(small()))).toEqual([
      [4, 0, 2],
      [5, 0, 0],
      [0, 0, 0],
      [0, 0, 1.5],
    ])
    fc.assert(
      fc.property(triples, input => {
        const csr = csrFromTriples(input)
        expect(transpose(transpose(csr))).toEqual(csr)
      }),
    )
  })
})

describe('encodeCsr() and decodeCsr()', () => {
  test('give back the same matrix, also from the middle of a larger buffer', () => {
    const bytes = encodeCsr(small())
    expect(decodeCsr(bytes)).toEqual(small())
    const larger = new Uint8Array(bytes.length + 3)
    larger.set(bytes, 3)
    expect(decodeCsr(larger.subarray(3))).toEqual(small())
  })

  test('refuse what is no matrix of this version', () => {
    const changed = (offset: number, value: number) => {
      const bytes = encodeCsr(small())
      new DataView(bytes.buffer).setUint32(offset, value, true)
      return bytes
    }
    const header = 8 + 3 * 4 + 3 * 4
    expect(() => decodeCsr(new TextEncoder().encode('{"rows":3}'))).toThrow('do not begin with SIDECART')
    expect(() => decodeCsr(new Uint8Array(0))).toThrow('do not begin with SIDECART')
    expect(() => decodeCsr(changed(8, 2))).toThrow('format version must be 1: current value is 2')
    expect(() => decodeCsr(changed(12, 9))).toThrow('kind must be 1: current value is 9')
    expect(() => decodeCsr(changed(20, 4_000_000_000))).toThrow('only 48 are left')
    expect(() => decodeCsr(encodeCsr(small()).subarray(0, -4))).toThrow('only 12 are left')
    expect(() => decodeCsr(Uint8Array.of(...encodeCsr(small()), 0))).toThrow('1 bytes are left over')
    expect(() => decodeCsr(changed(header + 4, 9))).toThrow('indptr of row 0')
    expect(() => decodeCsr(changed(header + 16, 4))).toThrow('must ascend and stay below 4: current value is 4')
  })
})

function toDense(csr: Csr): number[][] {
  const cells = dense(csr.rows, csr.columns)
  for (let row = 0; row < csr.rows; row++) {
    for (let entry = csr.indptr[row]!; entry < csr.indptr[row + 1]!; entry++) {
      cells[row]![csr.indices[entry]!] = csr.values[entry]!
    }
  }
  return cells
}

function dense(rows: number, columns: number): number[][] {
  return Array.from({ length: rows }, () => new Array<number>(columns).fill(0))
}
