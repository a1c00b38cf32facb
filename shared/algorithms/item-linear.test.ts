import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Csr, csrFromTriples, transpose } from './csr.ts'
import { type ItemLinearParameters, itemLinearWeights } from './item-linear.ts'

const plain = { neighbours: 10, userExponent: 0, fromExponent: 0, toExponent: 0 }

describe('itemLinearWeights()', () => {
  // Users of 2, 3 and 1 items; item 3 has no user.
  const userItems = matrix([[0, 1], [0, 1, 2], [2]], 4)

  test('counts the users that two items share where all exponents are 0', () => {
    expect(dense(weights(userItems, plain))).toEqual([
      [0, 2, 1, 0],
      [2, 0, 1, 0],
      [1, 1, 0, 0],
      [0, 0, 0, 0],
    ])
  })

  test('weighs users, the items one has and the item told by how much they have', () => {
    const [first] = dense(weights(userItems, { ...plain, userExponent: 1, fromExponent: 0.5, toExponent: 1 }))
    expect(first![1]).toBeCloseTo((1 / 2 + 1 / 3) / Math.sqrt(2) / 2, 6)
    expect(first![2]).toBeCloseTo(1 / 3 / Math.sqrt(2) / 2, 6)
  })

  test('keeps the best neighbours, the lower item first on ties, with columns ascending', () => {
    expect(dense(weights(userItems, { ...plain, neighbours: 1 }))).toEqual([
      [0, 2, 0, 0],
      [2, 0, 0, 0],
      [1, 0, 0, 0],
      [0, 0, 0, 0],
    ])
  })

  test('gives in ranges what it gives at once, and what the products of the matrices give', () => {
    const baskets = fc.array(fc.uniqueArray(fc.nat({ max: 7 }), { maxLength: 8 }), { minLength: 1, maxLength: 12 })
    const exponent = fc.constantFrom(0, 0.3, 1)
    fc.assert(
      fc.property(baskets, exponent, exponent, exponent, fc.nat({ max: 8 }), (lists, a, b, c, cut) => {
        const all = { neighbours: 8, userExponent: a, fromExponent: b, toExponent: c }
        const sparse = matrix(lists, 8)
        const whole = weights(sparse, all)
        const parts = [weights(sparse, all, 0, cut), weights(sparse, all, cut, 8)]
        expect(parts.flatMap(part => [...part.values])).toEqual([...whole.values])
        expect(parts.flatMap(part => [...part.indices])).toEqual([...whole.indices])
        const found = dense(whole)
        const users = (item: number) => lists.filter(list => list.includes(item)).length
        for (let to = 0; to < 8; to++) {
          for (let from = 0; from < 8; from++) {
            const shared = lists.filter(list => from !== to && list.includes(from) && list.includes(to))
            const sum = shared.reduce((total, list) => total + list.length ** -a, 0)
            const expected = sum === 0 ? 0 : sum * users(from) ** -b * users(to) ** -c
            expect(found[to]![from]).toBeCloseTo(expected, 5)
          }
        }
      }),
    )
  })

  test('refuses parameters and ranges that do not fit', () => {
    expect(() => weights(userItems, { ...plain, neighbours: 0 })).toThrow('neighbours must be an integer ≥ 1')
    expect(() => weights(userItems, { ...plain, toExponent: -1 })).toThrow('toExponent must be from 0 to 2')
    expect(() => weights(userItems, plain, 0, 5)).toThrow('a range within 0 to 4: current values are 0 and 5')
  })
})

function weights(userItems: Csr, parameters: ItemLinearParameters, from = 0, to = userItems.columns): Csr {
  return itemLinearWeights({ ...parameters, userItems, itemUsers: transpose(userItems), from, to })
}

function dense({ rows, columns, indptr, indices, values }: Csr): number[][] {
  return Array.from({ length: rows }, (_, row) => {
    const line = new Array<number>(columns).fill(0)
    for (let entry = indptr[row]!; entry < indptr[row + 1]!; entry++) line[indices[entry]!] = values[entry]!
    return line
  })
}

function matrix(lists: number[][], columns: number): Csr {
  return csrFromTriples({
    rows: lists.length,
    columns,
    rowOf: lists.flatMap((list, user) => list.map(() => user)),
    columnOf: lists.flat(),
    valueOf: lists.flat().map(() => 1),
  })
}
