import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { pairRules } from './association-rules.ts'
import { csrFromTriples } from './csr.ts'

const onlineRetail = new URL('../../../shared/data/orders-online-retail/online_retail.csv.gz', import.meta.url)

describe('pairRules()', () => {
  test('gives support, confidence and lift as counted by hand', () => {
    const rules = pairRules(basketsOf([[0, 1], [0, 1, 2], [0], [2]], 3), { minSupport: 0.5, minConfidence: 0 })
    expect(rules).toEqual([
      { antecedent: 1, consequent: 0, support: 0.5, confidence: 1, lift: 4 / 3, count: 2 },
      { antecedent: 0, consequent: 1, support: 0.5, confidence: 2 / 3, lift: expect.closeTo(4 / 3, 12), count: 2 },
    ])
  })

  test('agrees with counting every pair of items in every basket', () => {
    const share = fc.constantFrom(0, 0.1, 0.25, 0.5, 1)
    fc.assert(
      fc.property(
        fc.array(fc.uniqueArray(fc.nat(5), { maxLength: 5 }), { maxLength: 15 }),
        share,
        share,
        fc.constantFrom(0, 1, 1.5),
        (lists, minSupport, minConfidence, minLift) => {
          const count = (...items: number[]) => lists.filter(list => items.every(item => list.includes(item))).length
          const expected = [0, 1, 2, 3, 4, 5].flatMap(a =>
            [0, 1, 2, 3, 4, 5]
              .filter(b => {
                if (a === b || count(a, b) === 0) return false
                const lift = (count(a, b) * lists.length) / (count(a) * count(b))
                const isFrequent = count(a, b) / lists.length >= minSupport
                return isFrequent && count(a, b) / count(a) >= minConfidence && lift >= minLift
              })
              .map(b => `${a} => ${b}`),
          )
          const rules = pairRules(basketsOf(lists, 6), { minSupport, minConfidence, minLift })
          expect(rules.map(rule => `${rule.antecedent} => ${rule.consequent}`).sort()).toEqual(expected.sort())
        },
      ),
    )
  })

  test('keeps the strongest rules of each antecedent when it is told how many', () => {
    const lists = fc.array(fc.uniqueArray(fc.nat(5), { maxLength: 5 }), { maxLength: 15 })
    fc.assert(
      fc.property(lists, fc.nat(3), (any, rulesPerAntecedent) => {
        const [baskets, thresholds] = [basketsOf(any, 6), { minSupport: 0, minConfidence: 0 }]
        const all = pairRules(baskets, thresholds)
        const strongest = all.filter((rule, place) => {
          const before = all.slice(0, place).filter(({ antecedent }) => antecedent === rule.antecedent)
          return before.length < rulesPerAntecedent
        })
        expect(pairRules(baskets, { ...thresholds, rulesPerAntecedent })).toEqual(strongest)
      }),
    )
  })

  test('sorts by confidence, then lift, then items, and keeps the first maxRules', () => {
    const baskets = basketsOf([[0, 1], [2, 3], [2, 3], [4]], 5)
    const pairs = (maxRules?: number) =>
      pairRules(baskets, { minSupport: 0, minConfidence: 0, ...(maxRules === undefined ? {} : { maxRules }) }).map(
        rule => [rule.antecedent, rule.consequent],
      )
    expect(pairs()).toEqual([
      [0, 1],
      [1, 0],
      [2, 3],
      [3, 2],
    ])
    expect(pairs(1)).toEqual([[0, 1]])
    expect(pairRules(basketsOf([], 2), { minSupport: 0, minConfidence: 0 })).toEqual([])
  })

  test('refuses a support outside 0 to 1', () => {
    const refused = () => pairRules(basketsOf([[0]], 1), { minSupport: 7, minConfidence: 0 })
    expect(refused).toThrow('minSupport must be a share from 0 to 1: current value is 7')
  })

  test.skipIf(!existsSync(onlineRetail))(
    'finds the published rules of the French baskets (skipped without the Online Retail data beside the project)',
    () => {
      const { baskets, names } = frenchBaskets()
      expect(baskets.rows).toBe(392)
      const rules = pairRules(baskets, { minSupport: 0.07, minConfidence: 0 })
      const rule = rules.find(
        ({ antecedent, consequent }) =>
          names[antecedent] === 'ALARM CLOCK BAKELIKE RED' && names[consequent] === 'ALARM CLOCK BAKELIKE GREEN',
      )
      expect(rule?.support).toBeCloseTo(0.079082, 6)
      expect(rule?.confidence).toBeCloseTo(0.837838, 6)
      expect(rule?.lift).toBeCloseTo(8.642959, 6)
      expect(rule?.count).toBe(31)
    },
  )
})

function basketsOf(lists: number[][], items: number) {
  return csrFromTriples({
    rows: lists.length,
    columns: items,
    rowOf: lists.flatMap((list, basket) => list.map(() => basket)),
    columnOf: lists.flat(),
    valueOf: lists.flat().map(() => 1),
  })
}

/** France, no cancellations, item = trimmed description, POSTAGE dropped, quantity per invoice above 0. */
function frenchBaskets() {
  const lines: string[] = gunzipSync(readFileSync(onlineRetail)).toString().split('\n')
  const french = [lines[0], ...lines.filter(line => line.trimEnd().endsWith('France'))].join('\n')
  const orders: Record<string, string>[] = parse(french, { columns: true })
  const invoices = new Map<string, Map<string, number>>()
  for (const { InvoiceNo = '', Description = '', Quantity = '' } of orders) {
    const item = Description.trim()
    if (InvoiceNo.startsWith('C') || item === '') continue
    const basket = invoices.get(InvoiceNo) ?? new Map<string, number>()
    basket.set(item, (basket.get(item) ?? 0) + Number(Quantity))
    invoices.set(InvoiceNo, basket)
  }
  const names = [...new Set([...invoices.values()].flatMap(basket => [...basket.keys()]))]
  const lists = [...invoices.values()].map(basket =>
    names.flatMap((name, item) => (name !== 'POSTAGE' && (basket.get(name) ?? 0) > 0 ? [item] : [])),
  )
  return { baskets: basketsOf(lists, names.length), names }
}
