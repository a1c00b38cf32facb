import { expect, test } from 'vitest'
import { holdOut } from './hold-out.ts'
import { emptyTable, type InteractionTable } from './interaction-table.ts'

const rows = ({ userOf, itemOf }: InteractionTable) => userOf.map((user, row) => [user, itemOf[row]])
/** Ten users with the items 0 to 9 each. */
const square = {
  ...emptyTable(),
  userOf: Array.from({ length: 100 }, (_, row) => Math.floor(row / 10)),
  itemOf: Array.from({ length: 100 }, (_, row) => row % 10),
}

test('by chance, a share of each user’s items is held out, and all of it is one side or the other', () => {
  const { train, test: held } = holdOut(square, { by: 'chance', share: 0.2 }, { seed: 1 })
  expect([...rows(train), ...rows(held)].sort()).toEqual(rows(square).sort())
  for (let user = 0; user < 10; user++) expect(held.userOf.filter(other => other === user)).toHaveLength(2)
  expect(holdOut(square, { by: 'chance', share: 0.2 }, { seed: 1 }).test).toEqual(held)
  expect(holdOut(square, { by: 'chance', share: 0.2 }, { seed: 2 }).test).not.toEqual(held)
})

test('the last items of each user are those of the last rows, and one stays whatever the share', () => {
  expect(rows(holdOut(square, { by: 'last', share: 0.2 }, { seed: 1 }).test).slice(0, 2)).toEqual([
    [0, 8],
    [0, 9],
  ])
  expect(holdOut(square, { by: 'last', share: 1 }, { seed: 1 }).train.itemOf).toEqual(Array(10).fill(0))
})

test('a purchase is held out with all that the user did with the item; who bought one thing keeps it', () => {
  const table: InteractionTable = {
    ...emptyTable(),
    userOf: [0, 0, 0, 0, 0, 1, 1],
    itemOf: [5, 5, 6, 6, 7, 5, 7],
    typeOf: ['view', 'purchase', 'view', 'purchase', 'view', 'purchase', 'view'],
    valueOf: [0, 0, 0, 0, 0, 0, 0],
  }
  const { train, test: held } = holdOut(table, { by: 'purchase' }, { seed: 1 })
  expect(held.userOf).toEqual([0])
  const [item] = held.itemOf
  expect([5, 6]).toContain(item)
  expect(rows(train)).toEqual(rows(table).filter(([user, other]) => user === 1 || other !== item))
})

test('of baskets held out one item is told or all but one, and those of one item are left out', () => {
  const table = { ...emptyTable(), userOf: [0, 0, 1, 1, 1, 2, 3, 3], itemOf: [1, 2, 1, 2, 3, 4, 5, 6] }
  const given = (known: 'one' | 'all-but-one') =>
    holdOut(table, { by: 'basket', share: 0.99, given: known }, { seed: 1 })
  const { train, histories = emptyTable(), test: held } = given('one')
  for (const basket of new Set(held.userOf)) expect(histories.userOf.filter(other => other === basket)).toHaveLength(1)
  expect(held.userOf).not.toContain(2)
  expect(new Set(train.userOf).size + new Set(held.userOf).size).toBeGreaterThanOrEqual(3)
  const other = given('all-but-one')
  expect(other.test.userOf).toEqual([...new Set(other.test.userOf)])
})
