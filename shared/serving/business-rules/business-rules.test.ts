import { describe, expect, test } from 'vitest'
import { Item } from '../../schemas/catalogue.ts'
import { Placement } from '../../schemas/placements.ts'
import { boosts } from './boosts.ts'
import { type EligibilityOptions, eligibility } from './eligibility.ts'
import { compileExpression } from './expression/compile-expression.ts'
import { parseExpression } from './expression/parse-expression.ts'
import { frequencyCap } from './frequency-cap.ts'
import { itemSimilarity } from './item-similarity.ts'
import { openWindow } from './open-window.ts'
import { pinnedItems, putAtPlaces } from './pins.ts'
import { placementRules } from './placement-rules.ts'

const nowMs = Date.UTC(2026, 10, 22)
const day = (offset: number) => new Date(nowMs + offset * 86_400_000).toISOString()
const item = (id: string, of: Partial<Item> = {}): Item =>
  Item.parse({ id, name: id, category: 'Office', price: 10, in_stock: true, row_hash: '', ...of })
const placement = (of: object) => Placement.parse({ sources: [{ source: 'als', weight: 1 }], ...of })

/** Everything the check of one pen depends on; it may be listed as it is. */
function verdict(pen: Partial<Item>, of: Partial<EligibilityOptions> = {}, settings: object = {}, more = {}) {
  const check = eligibility({
    ...{ items: new Map([['pen', item('pen', pen)]]), about: { nowMs }, rules: placementRules(placement(settings)) },
    ...{ wanted: {}, bought: new Set(), includeBought: false, disliked: new Set(), onThePage: new Set(), ...of },
  })
  return check('pen', more)
}

describe('an item may be listed', () => {
  const pen = new Set(['pen'])
  const cheap = compileExpression(parseExpression('price < 5'))
  test.each<[code: string | undefined, ...Parameters<typeof verdict>]>([
    [undefined, {}],
    ['unknown_item', {}, { items: new Map() }],
    ['not_offered', { deleted: true }],
    ['not_offered', { incomplete: true }],
    ['out_of_stock', { in_stock: false }],
    ['hidden', { hidden: true }],
    ['bought', {}, { bought: pen }],
    [undefined, {}, { bought: pen, includeBought: true }],
    [undefined, {}, { bought: pen }, {}, { buyAgain: true }],
    ['disliked', {}, { disliked: pen, bought: pen, includeBought: true }],
    ['blocked', {}, {}, { blocked: ['pen'] }],
    ['channel', { channels: ['store'] }, { about: { nowMs, channel: 'web' } }],
    [undefined, { channels: ['store', 'web'] }, { about: { nowMs, channel: 'web' } }],
    [undefined, { channels: ['store'] }],
    [undefined, { channels: [] }, { about: { nowMs, channel: 'web' } }],
    ['region', { regions: ['EU'] }, { about: { nowMs, region: 'US' } }],
    ['min_age', { min_age: 18 }],
    ['min_age', { min_age: 18 }, { about: { nowMs, age: 17 } }],
    [undefined, { min_age: 18 }, { about: { nowMs, age: 18 } }],
    ['on_the_page', {}, { onThePage: pen }],
    ['category', {}, { wanted: { category: 'Kitchen' } }],
    ['brand', {}, { wanted: { brand: 'Acme' } }],
    ['price', {}, { wanted: { priceMin: 10.01 } }],
    ['price', {}, { wanted: { priceMax: 9.99 } }],
    [undefined, { brand: 'Acme' }, { wanted: { category: 'Office', brand: 'Acme', priceMin: 10, priceMax: 10 } }],
    ['request_filter', {}, { wanted: { filter: cheap } }],
    ['filter', {}, {}, { filters: [{ name: 'cheap', expression: 'price < 5' }] }],
    [undefined, {}, {}, { filters: [{ name: 'cheap', expression: 'price < 5', from: day(1) }] }],
    [undefined, {}, {}, { filters: [{ name: 'cheap', expression: 'price < 5', until: day(0) }] }],
    ['filter', {}, {}, { filters: [{ name: 'cheap', expression: 'price < 5', from: day(0), until: day(1) }] }],
  ])('unless %s keeps it out: %j', (code, ...given) => {
    expect(verdict(...given)?.code).toBe(code)
  })

  test('and the first thing that keeps it out is the one that is told', () => {
    const everything = { in_stock: false, hidden: true, min_age: 18 }
    expect(verdict(everything, { bought: pen, disliked: pen })?.code).toBe('out_of_stock')
    expect(verdict({ ...everything, in_stock: true }, { bought: pen })?.code).toBe('hidden')
    expect(verdict({ min_age: 18 }, { onThePage: pen, disliked: pen })?.code).toBe('disliked')
  })

  test('and what is told names the rule and the values', () => {
    expect(verdict({}, {}, { filters: [{ name: 'cheap', expression: 'price < 5' }] })).toEqual({
      ...{ code: 'filter', filter: 'cheap', text: 'Does not fulfil cheap: price < 5' },
    })
    expect(verdict({ min_age: 18 }, { about: { nowMs, age: 17 } })?.text).toBe('From 18 years: the age is 17')
    expect(verdict({}, { wanted: { priceMin: 1, priceMax: 2 } })?.text).toBe('Its price is not from 1 to 2')
    expect(verdict({}, { wanted: { priceMax: 2 } })?.text).toBe('Its price is not at most 2')
  })
})

test('a window holds from its beginning to just before its end', () => {
  const isOpen = openWindow({ from: day(0), until: day(1) })
  expect([-1, 0, 86_399_999, 86_400_000].map(offset => isOpen(nowMs + offset))).toEqual([false, true, true, false])
})

test('boosts that hold multiply, and are told by name', () => {
  const { boosts: rules } = placementRules(
    placement({
      boosts: [
        { name: 'margin', expression: 'margin >= 0.3', factor: 2 },
        { name: 'season', expression: 'category = "Office"', factor: 1.5, until: day(1) },
        { name: 'over', expression: 'category = "Office"', factor: 9, until: day(0) },
      ],
    }),
  )
  const boosted = boosts(rules, { nowMs })
  expect(boosted(item('pen', { margin: 0.3 }))).toEqual({
    factor: 3,
    applied: [
      { name: 'margin', factor: 2 },
      { name: 'season', factor: 1.5 },
    ],
  })
  expect(boosted(item('cup', { category: 'Kitchen' }))).toEqual({ factor: 1, applied: [] })
})

test('what was shown too often within the hours stays away, until they have passed', () => {
  const shown = { pen: [3, nowMs / 1000 - 3600], ink: [2, nowMs / 1000], pad: [9, nowMs / 1000 - 7200] } as const
  const isCapped = frequencyCap({ times: 3, hours: 2 }, { shown, nowMs })
  expect(['pen', 'ink', 'pad', 'toString'].filter(isCapped)).toEqual(['pen'])
  expect(frequencyCap(undefined, { shown, nowMs })('pen')).toBe(false)
  expect(frequencyCap({ times: 1, hours: 2 }, { nowMs })('pen')).toBe(false)
})

describe('pins', () => {
  const items = new Map(['pen', 'ink', 'pad'].map(id => [id, item(id)]))
  const pinned = (pins: object[], isEligible = (_: string) => true) => [
    ...pinnedItems(placementRules(placement({ pins })).pins, { about: { nowMs, segment: 'new' }, items, isEligible }),
  ]

  test('stand at their place while they may be listed, and a second one steps in', () => {
    const pins = [
      { item_id: 'pen', position: 1 },
      { item_id: 'ink', position: 1 },
    ]
    expect(pinned(pins)).toEqual([[1, 'pen']])
    expect(pinned(pins, id => id !== 'pen')).toEqual([[1, 'ink']])
    expect(pinned([{ item_id: 'unicorn', position: 1 }])).toEqual([])
  })

  test('hold within their window, and for whom their expression holds', () => {
    expect(
      pinned([
        { item_id: 'pen', position: 1, until: day(0) },
        { item_id: 'ink', position: 2, expression: '$segment = "new"' },
        { item_id: 'pad', position: 3, expression: '$segment = "loyal"' },
      ]),
    ).toEqual([[2, 'ink']])
  })

  test('of one item count once', () => {
    const twice = [
      { item_id: 'pen', position: 2 },
      { item_id: 'pen', position: 1 },
    ]
    expect(pinned(twice)).toEqual([[2, 'pen']])
  })

  test('are put at their places, or after the last one of a list that is too short', () => {
    const places = (of: [number, string][]) => putAtPlaces(['a', 'b', 'c'], new Map(of)).join('')
    expect(places([[1, 'P']])).toBe('Pabc')
    expect(
      places([
        [4, 'Q'],
        [2, 'P'],
      ]),
    ).toBe('aPbQc')
    expect(
      places([
        [9, 'Q'],
        [5, 'P'],
      ]),
    ).toBe('abcPQ')
    expect(putAtPlaces([], new Map([[3, 'P']]))).toEqual(['P'])
  })
})

test('the rules of one configuration are compiled once', () => {
  const settings = placement({ filters: [{ name: 'cheap', expression: 'price < 5' }] })
  expect(placementRules(settings)).toBe(placementRules(settings))
})

test('items are alike by category and brand, or by content where that says more', () => {
  const acme = { brand: 'Acme' }
  expect(itemSimilarity(item('a', acme), item('b', acme))).toBe(1)
  expect(itemSimilarity(item('a', acme), item('b'))).toBe(0.6)
  expect(itemSimilarity(item('a'), item('b', { category: 'Kitchen' }))).toBe(0)
  expect(itemSimilarity(item('a'), item('b', { category: 'Kitchen' }), 0.3)).toBe(0.3)
})
