import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  basketsOf,
  frenchBaskets,
  groceries,
  hasGroceries,
  hasOnlineRetail,
  type NamedBaskets,
} from '../../tests/baskets.ts'
import { bitsOf } from '../../tests/oracles/itemsets.ts'
import {
  type AssociationRule,
  associationRules,
  convictionOf,
  leverageOf,
  type RuleThresholds,
} from './association-rules.ts'
import type { Csr } from './csr.ts'
import { frequentItemsets } from './fp-growth.ts'
import { type Itemsets, itemsetLengths } from './itemsets.ts'
import { minCountOf } from './min-count.ts'
import { rankedBaskets } from './ranked-baskets.ts'
import { rulesPerItem } from './rules-per-item.ts'

describe('associationRules()', () => {
  test('gives support, confidence, lift, leverage and conviction as counted by hand', () => {
    const rules = associationRules(mined(basketsOf([[0, 1], [0, 1, 2], [0], [2]]), 0.5), { minConfidence: 0 })
    expect(rules).toEqual([
      { lhs: [1], rhs: 0, count: 2, support: 0.5, confidence: 1, lift: 4 / 3 },
      { lhs: [0], rhs: 1, count: 2, support: 0.5, confidence: 2 / 3, lift: 4 / 3 },
    ])
    const [always, often] = rules.map(rule => [leverageOf(rule), convictionOf(rule)])
    // Together in 1/2, by chance in 3/4 × 1/2; the second fails in 1/3, by chance in 1/2.
    expect(always).toEqual([0.125, Infinity])
    expect(often).toEqual([0.125, expect.closeTo(1.5, 12)])
  })

  test('agrees with trying every left and right side on every basket', () => {
    const share = fc.constantFrom(0, 0.1, 0.25, 0.5, 1)
    const lists = fc.array(fc.uniqueArray(fc.nat(5), { maxLength: 6 }), { minLength: 1, maxLength: 15 })
    fc.assert(
      fc.property(lists, share, share, fc.constantFrom(0, 1, 1.5), fc.constantFrom(1, 2, 3), (any, ...thresholds) => {
        const [minSupport, minConfidence, minLift, minLength] = thresholds
        const itemsets = mined(basketsOf(any, 6), minSupport)
        const rules = associationRules(itemsets, { minConfidence, minLift, minLength })
        expect(rules.map(nameOf).sort()).toEqual(everyRule(any, thresholds).sort())
        for (const [place, rule] of rules.entries()) {
          const next = rules[place + 1]
          if (next) expect(rule.confidence).toBeGreaterThanOrEqual(next.confidence)
        }
      }),
    )
  })

  test('refuses thresholds that mean nothing', () => {
    const refused = (of: RuleThresholds) => () => associationRules(mined(basketsOf([[0]]), 0), of)
    expect(() => minCountOf(7, 10)).toThrow('minSupport must be a share from 0 to 1: current value is 7')
    expect(refused({ minConfidence: -1 })).toThrow('minConfidence must be a share from 0 to 1: current value is -1')
    expect(refused({ minConfidence: 0, minLength: 0 })).toThrow('minLength must be an integer ≥ 1: current value is 0')
  })
})

test('minCountOf() is the least count whose share reaches the support, whatever rounding does', () => {
  expect([minCountOf(0.07, 392), minCountOf(0.001, 9835), minCountOf(0, 5), minCountOf(1, 5)]).toEqual([28, 10, 1, 5])
  for (let count = 1; count < 1000; count++) expect(minCountOf(count / 999, 999)).toBe(Math.min(count, 999))
})

describe('rulesPerItem()', () => {
  // Ink alone leads to the pen as often as ink and tea do: the longer rule says nothing new.
  const lists = [[0, 1, 2], [0, 1, 2], [0, 1], [0, 1], [3], [3, 2], [3], [2]]

  test('lists a rule under each item of its left side, and leaves out longer ones that add nothing', () => {
    const itemsets = mined(basketsOf(lists), 0.25)
    const all = associationRules(itemsets, { minConfidence: 0.1, minLift: 1 }).map(nameOf)
    expect(all).toContain('1 2 => 0')
    const perItem = rulesPerItem(itemsets, { minConfidence: 0.1, minLift: 1, rulesPerItem: 10 })
    const named = Object.fromEntries(perItem.map((rules, rank) => [itemsets.items[rank], rules.map(nameOf)]))
    expect(named).toEqual({ 0: ['0 => 1', '0 => 2'], 1: ['1 => 0', '1 => 2'], 2: ['2 => 0', '2 => 1'], 3: [] })
  })

  test('where there are too many, keeps those that promise most baskets beyond what shorter ones do', () => {
    // Five baskets of 1 and 2 lead to 0, which neither alone does so surely; 3 leads to 0 in two of three.
    const some = [...Array(5).fill([0, 1, 2]), ...Array(5).fill([1]), ...Array(5).fill([2]), [0, 3], [0, 3], [3]]
    const itemsets = mined(basketsOf([...some, ...Array(20).fill([4])]), 0.05)
    const perItem = rulesPerItem(itemsets, { minConfidence: 0.1, minLift: 1, rulesPerItem: 1 })
    const kept = perItem[itemsets.items.indexOf(1)] ?? []
    // 1 => 0 and 1 => 2: 5 baskets of 10, less by chance 10 × 7/38 and 10 × 10/38; 1 2 => 0: 5 of 5, less 5 × 1/2.
    expect(kept.map(nameOf)).toEqual(['1 => 0'])
  })

  test('agrees with comparing every rule with every shorter one', () => {
    const any = fc.array(fc.uniqueArray(fc.nat(4), { maxLength: 5 }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(any, lists => {
        const itemsets = mined(basketsOf(lists, 5), 0)
        const all = associationRules(itemsets, { minConfidence: 0, minLength: 1 })
        const useful = all.filter(
          ({ lhs, rhs, confidence }) =>
            lhs.length === 1 ||
            (lhs.length > 1 &&
              !all.some(other => other.rhs === rhs && isPart(other.lhs, lhs) && other.confidence >= confidence)),
        )
        const perItem = rulesPerItem(itemsets, { minConfidence: 0, rulesPerItem: 1000 })
        const kept = new Set(perItem.flat().map(nameOf))
        expect([...kept].sort()).toEqual(useful.map(nameOf).sort())
        for (const [rank, rules] of perItem.entries())
          for (const { lhs } of rules) expect(lhs).toContain(itemsets.items[rank])
      }),
    )
  })
})

describe.skipIf(!hasGroceries)(
  'the published rules of Groceries (skipped without that data beside the project)',
  () => {
    const { baskets, names } = hasGroceries ? groceries() : { baskets: basketsOf([]), names: [] }

    test('has as many frequent itemsets of each length', () => {
      expect([baskets.rows, baskets.columns, baskets.indices.length]).toEqual([9835, 169, 43_367])
      const counted = [0.1, 0.05, 0.02, 0.01, 0.006, 0.005].map(support => mined(baskets, support).counts.length)
      expect(counted).toEqual([8, 31, 122, 333, 747, 1001])
      expect(itemsetLengths(mined(baskets, 0.001))).toEqual([157, 2981, 6831, 3137, 376, 10])
    })

    test.each([
      [0.001, 0.8, 1, { 3: 29, 4: 229, 5: 140, 6: 12 }],
      [0.001, 0.8, 2, { 3: 29, 4: 229, 5: 140, 6: 12 }],
      [0.001, 0.5, 2, { 2: 11, 3: 1461, 4: 3211, 5: 939, 6: 46 }],
      [0.001, 0.9, 2, { 3: 10, 4: 57, 5: 56, 6: 6 }],
      [0.006, 0.25, 2, { 2: 150, 3: 297, 4: 16 }],
      [0.006, 0.25, 1, { 1: 1, 2: 150, 3: 297, 4: 16 }],
      [0.01, 0.5, 2, { 3: 15 }],
      [0.005, 0.5, 2, { 2: 1, 3: 98, 4: 21 }],
      [0.01, 0.2, 2, { 2: 151, 3: 80 }],
      [0.005, 0.2, 2, { 2: 265, 3: 559, 4: 48 }],
    ])(
      'support %d, confidence %d, length from %d: rules by length %j',
      (support, minConfidence, minLength, expected) => {
        const found: Record<number, number> = {}
        for (const { lhs } of associationRules(mined(baskets, support), { minConfidence, minLength }))
          found[lhs.length + 1] = (found[lhs.length + 1] ?? 0) + 1
        expect(found).toEqual(expected)
      },
    )

    test('the strongest by lift are those that are printed everywhere', () => {
      const byLift = (support: number, minConfidence: number) =>
        associationRules(mined(baskets, support), { minConfidence })
          .toSorted((a, b) => b.lift - a.lift)
          .map(rule => [named(rule, { baskets, names }), rule.count, ...figures(rule)])
      expect(byLift(0.001, 0.8)[0]).toEqual([
        ...['liquor + red/blush wine => bottled beer', 19, 0.00193188, 0.9047619, 11.235269],
      ])
      const [herbs, berries] = byLift(0.006, 0.25)
      expect(herbs).toEqual(['herbs => root vegetables', 69, 0.00701576, 0.43125, 3.956477])
      expect(berries).toEqual(['berries => whipped/sour cream', 89, 0.00904931, 0.2721713, 3.796886])
    })

    test('392 of the 410 rules, and 446 of the 463, say more than any shorter one', () => {
      const useful = (support: number, minConfidence: number) => {
        const kept = rulesPerItem(mined(baskets, support), { minConfidence, rulesPerItem: 1000 })
        return new Set(kept.flat().map(nameOf)).size
      }
      expect([useful(0.001, 0.8), useful(0.006, 0.25)]).toEqual([392, 446])
    })
  },
)

test.skipIf(!hasOnlineRetail)(
  'finds the published rules of the French baskets (skipped without the Online Retail data beside the project)',
  () => {
    const french = frenchBaskets()
    expect(french.baskets.rows).toBe(392)
    const itemsets = mined(french.baskets, 0.07)
    expect(itemsets.counts).toHaveLength(51)
    const rules = associationRules(itemsets, { minConfidence: 0, minLift: 1 })
    // The tutorial also splits sets of three after the first item: 3 rules of one item to two, for one such set.
    const wideSets = (itemsetLengths(itemsets)[2] ?? 0) * 3
    expect(rules.length + wideSets).toBe(26)
    const red = rules.find(rule => named(rule, french) === 'ALARM CLOCK BAKELIKE RED => ALARM CLOCK BAKELIKE GREEN')
    expect(red && [red.count, ...figures(red)]).toEqual([31, 0.07908163, 0.8378378, 8.642959])
  },
)

function mined(baskets: Csr, minSupport: number): Itemsets {
  const minCount = minCountOf(minSupport, baskets.rows)
  return frequentItemsets({ ...rankedBaskets(baskets, minCount), rows: baskets.rows }, { minCount })
}

const nameOf = ({ lhs, rhs }: Pick<AssociationRule, 'lhs' | 'rhs'>) => `${lhs.join(' ')} => ${rhs}`.trim()
const named = ({ lhs, rhs }: AssociationRule, { names }: NamedBaskets) =>
  `${lhs
    .map(item => names[item])
    .sort()
    .join(' + ')} => ${names[rhs]}`
const isPart = (part: readonly number[], whole: readonly number[]) =>
  part.length < whole.length && part.every(item => whole.includes(item))
const figures = ({ support, confidence, lift }: AssociationRule) => [
  ...[Number(support.toFixed(8)), Number(confidence.toFixed(7)), Number(lift.toFixed(6))],
]

/** Every left and right side of six items that reaches the thresholds. */
function everyRule(
  lists: readonly (readonly number[])[],
  [minSupport, minConfidence, minLift, minLength]: readonly [number, number, number, number],
): string[] {
  const count = (items: readonly number[]) => lists.filter(list => items.every(item => list.includes(item))).length
  const all = Array.from({ length: 64 }, (_, mask) => bitsOf(mask))
  return all.flatMap(lhs =>
    [0, 1, 2, 3, 4, 5].flatMap(rhs => {
      const both = count([...lhs, rhs])
      if (lhs.includes(rhs) || lhs.length + 1 < minLength || both === 0 || both / lists.length < minSupport) return []
      const lift = (both * lists.length) / (count(lhs) * count([rhs]))
      return both / count(lhs) >= minConfidence && lift >= minLift ? [nameOf({ lhs, rhs })] : []
    }),
  )
}
