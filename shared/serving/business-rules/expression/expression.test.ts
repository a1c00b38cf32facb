import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Item } from '../../../schemas/catalogue.ts'
import { compileExpression } from './compile-expression.ts'
import type { RequestFacts } from './fields.ts'
import { nearestName } from './nearest-name.ts'
import { expressionLimits, parseExpression } from './parse-expression.ts'

/** Sunday, 2026-11-22, 14:30 UTC. */
const nowMs = Date.UTC(2026, 10, 22, 14, 30)
const kettle = Item.parse({
  ...{ id: 'kettle', name: 'Kettle', category: 'Kitchen', price: 30, in_stock: true, row_hash: '' },
  ...{ margin: 0.4, tags: ['sale', 'steel'], channels: ['web'], added_at: nowMs - 36 * 3_600_000 },
})
const about: RequestFacts = { channel: 'web', price: 25, nowMs }
const holds = (text: string, item = kettle) => compileExpression(parseExpression(text))(item, about)

describe('an expression', () => {
  test.each([
    ['price = 30', true],
    ['price != 30', false],
    ['price < 30.5 and price <= 30 and price > -1 and price >= 30', true],
    ['price > $price', true],
    ['30 < price', false],
    ['category = "Kitchen"', true],
    ["category = 'kitchen'", false],
    ['category in ("Garden", "Kitchen")', true],
    ['category not in ("Garden", "Kitchen")', false],
    ['price in (10, $price)', false],
    ['price in (30, $price)', true],
    ['tags has "sale"', true],
    ['channels has $channel', true],
    ['regions has "EU"', false],
    ['in_stock', true],
    ['in_stock = false', false],
    ['not in_stock or margin >= 0.4', true],
    ['$hour >= 14 and $hour < 15 and $weekday = "sunday"', true],
    ['added_days = 1.5', true],
    ['NOT (price = 1 OR price = 2)', true],
    ['true and not false', true],
  ])('%s is %s of the kettle', (text, expected) => {
    expect(holds(text)).toBe(expected)
  })

  test('binds not before and, and before or', () => {
    expect(holds('price = 30 or price = 1 and price = 2')).toBe(true)
    expect(holds('(price = 30 or price = 1) and price = 2')).toBe(false)
    expect(holds('not price = 1 and price = 30')).toBe(true)
    expect(holds('not (price = 30 and price = 1)')).toBe(true)
  })

  test('is false where a value is missing, and its negation true', () => {
    for (const positive of [
      'brand = "Acme"',
      'min_age < 99',
      'min_age >= 0',
      'brand in ("Acme")',
      'regions has "EU"',
    ]) {
      expect(holds(positive), positive).toBe(false)
      expect(holds(`not (${positive})`), positive).toBe(true)
    }
    expect(holds('brand != "Acme"')).toBe(true)
    expect(holds('brand not in ("Acme")')).toBe(true)
    expect(holds('$age >= 0 or $age < 0')).toBe(false)
    expect(holds('brand is missing and tags is known and not brand is known')).toBe(true)
  })

  test('takes either quote and both inside of the other, or escaped', () => {
    const pan = { ...kettle, name: `24" pan, 'big' \\` }
    expect(holds(String.raw`name = "24\" pan, 'big' \\"`, pan)).toBe(true)
    expect(holds(String.raw`name = '24" pan, \'big\' \\'`, pan)).toBe(true)
  })
})

describe('what is no expression is refused with its place', () => {
  test.each([
    ['', 'expected a field, a number, text in quotes, not or ( at character 1 of "": it ends there'],
    ['price <= ', 'at character 9 of "price <= ": it ends there'],
    ['price <= "cheap"', 'expected a number, as price is at character 10 of "price <= \\"cheap\\"": found "cheap"'],
    ['prize < 5', 'expected a known field (did you mean price?) at character 1'],
    ['Category = "x"', 'expected a known field (did you mean category?)'],
    ['price < 5 and $chanel = "web"', 'expected a known field (did you mean $channel?) at character 15'],
    ['zebra = 1', 'expected a known field, or text in quotes at character 1'],
    ['price', 'expected = != < <= > >= in, not in, has or is'],
    ['category < "M"', 'expected a number before <'],
    ['tags = "sale"', 'expected has after a list, as tags has "sale"'],
    ['tags in ("sale")', 'expected has after a list'],
    ['category has "sale"', 'expected a list before has, as tags'],
    ['price in (1, "two")', 'expected a number, as price is at character 14'],
    ['price in (1 2)', 'expected , or ) at character 13'],
    ['price not (1)', 'expected in at character 11'],
    ['brand is gone', 'expected known or missing at character 10'],
    ['(price = 1', 'expected ) at character 11'],
    ['price = 1 price = 2', 'expected and, or, or the end at character 11'],
    ['price = 1)', 'expected and, or, or the end at character 10'],
    ['name = "open', 'expected text that ends with " at character 8'],
    ['price = 1e3', 'expected a number as 12 or 0.5 at character 9'],
    ['price = .5', 'expected a number as 12 or 0.5 at character 9'],
    ['price ~ 5', 'expected a name, a number, text in quotes or an operator at character 7'],
    ['$weekday = "Sunday"', 'expected one of thursday'],
    ['$weekday in ("sunday", "mondy")', '(did you mean monday?) at character 24'],
    ['price = and', 'expected a field, a number or text in quotes at character 9'],
  ])('%s', (text, message) => {
    expect(() => parseExpression(text)).toThrow(expect.objectContaining({ message: expect.stringContaining(message) }))
  })

  test('also when it is too long or too deep', () => {
    const { characters, depth } = expressionLimits
    const nested = (levels: number) => `${'('.repeat(levels)}price = 1${')'.repeat(levels)}`
    expect(() => parseExpression(nested(depth))).not.toThrow()
    expect(() => parseExpression(nested(depth + 1))).toThrow(`at most ${depth} levels of not and (`)
    expect(() => parseExpression(`${'not '.repeat(depth + 1)}price = 1`)).toThrow(`at most ${depth} levels`)
    expect(() => parseExpression('price = 1 or '.repeat(100))).toThrow(
      `at most ${characters} characters at character 1`,
    )
  })
})

test('nearestName() takes a third of a name for a slip, not more', () => {
  expect(nearestName('categroy', ['category', 'price'])).toBe('category')
  expect(nearestName('PRICE', ['category', 'price'])).toBe('price')
  expect(nearestName('colour', ['category', 'price'])).toBeUndefined()
})

/** A tree with its text, and what it means, told without the parser or the compiler. */
interface Meant {
  text: string
  holds: (item: Item) => boolean
}

const names = ['pen', 'ink', 'it\'s "it"', 'back\\slash']
const name = fc.constantFrom(...names)
const price = fc.integer({ min: -2, max: 3 })
const quoted = (value: string) => JSON.stringify(value)
const listOf = (values: readonly (string | number)[]) => `(${values.map(value => JSON.stringify(value)).join(', ')})`
const orders: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  ...{ '<': (a, b) => a < b, '<=': (a, b) => a <= b, '>': (a, b) => a > b, '>=': (a, b) => a >= b },
}

const condition: fc.Arbitrary<Meant> = fc.oneof(
  fc.tuple(fc.constantFrom(...Object.keys(orders)), price).map(([operator, value]) => ({
    text: `margin ${operator} ${value}`,
    holds: ({ margin }: Item) => margin !== undefined && orders[operator]!(margin, value),
  })),
  price.map(value => ({ text: `price = ${value}`, holds: (item: Item) => item.price === value })),
  name.map(value => ({ text: `brand = ${quoted(value)}`, holds: ({ brand }: Item) => brand === value })),
  name.map(value => ({ text: `brand != ${quoted(value)}`, holds: ({ brand }: Item) => brand !== value })),
  fc.array(name, { minLength: 1, maxLength: 3 }).map(values => ({
    text: `brand in ${listOf(values)}`,
    holds: ({ brand }: Item) => brand !== undefined && values.includes(brand),
  })),
  fc.array(price, { minLength: 1, maxLength: 3 }).map(values => ({
    text: `margin not in ${listOf(values)}`,
    holds: ({ margin }: Item) => margin === undefined || !values.includes(margin),
  })),
  name.map(value => ({ text: `tags has ${quoted(value)}`, holds: ({ tags = [] }: Item) => tags.includes(value) })),
  fc.constantFrom(
    { text: 'in_stock', holds: (item: Item) => item.in_stock },
    { text: 'brand is known', holds: (item: Item) => item.brand !== undefined },
    { text: 'margin is missing', holds: (item: Item) => item.margin === undefined },
    { text: 'price > $price', holds: (item: Item) => item.price > 1 },
    { text: '$age < 5', holds: () => false },
  ),
)

const { tree } = fc.letrec<{ tree: Meant }>(tie => ({
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    condition,
    tie('tree').map(({ text, holds }): Meant => ({ text: `not (${text})`, holds: item => !holds(item) })),
    fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map(
      (parts): Meant => ({
        text: parts.map(({ text }) => `(${text})`).join(' AND\n'),
        holds: item => parts.every(({ holds }) => holds(item)),
      }),
    ),
    fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map(
      (parts): Meant => ({
        text: parts.map(({ text }) => `(${text})`).join(' or '),
        holds: item => parts.some(({ holds }) => holds(item)),
      }),
    ),
  ),
}))

const item: fc.Arbitrary<Item> = fc
  .record(
    { price: fc.integer({ min: 0, max: 3 }), in_stock: fc.boolean(), brand: name, margin: price, tags: fc.array(name) },
    { requiredKeys: ['price', 'in_stock'] },
  )
  .map(of => ({ ...kettle, margin: undefined, tags: undefined, ...of }))

test('an expression means what a plain reading of it says, whatever it is put together from', () => {
  fc.assert(
    fc.property(tree, fc.array(item, { minLength: 1, maxLength: 5 }), ({ text, holds }, items) => {
      fc.pre(text.length <= expressionLimits.characters)
      const condition = compileExpression(parseExpression(text))
      for (const one of items) expect(condition(one, { price: 1, nowMs })).toBe(holds(one))
    }),
    { numRuns: 2000 },
  )
})
