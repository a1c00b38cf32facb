import { expect, test } from 'vitest'
import { segmentName } from './segment-names.ts'

const average = { recency: 0, purchases: 0, categories: 0, views_per_purchase: 0, price: 0, weekends: 0, nights: 0 }

test('a segment is named by what sets it apart the most, with the category it is fond of', () => {
  const categories = [
    { name: 'Gifts', share: 0.5, ofAll: 0.2 },
    { name: 'Office', share: 0.4, ofAll: 0.5 },
    { name: 'Rare', share: 0.1, ofAll: 0.01 },
  ]
  const deviations = { ...average, purchases: 1.5, price: -0.8, weekends: 0.6, nights: 0.1 }
  expect(segmentName(deviations, categories)).toBe('frequent, Gifts, low price')
  expect(segmentName({ ...average, recency: 2 }, [])).toBe('long away')
})

test('a segment that nothing sets apart is like everybody', () => {
  expect(segmentName({ ...average, recency: 0.4 }, [{ name: 'Gifts', share: 1, ofAll: 1 }])).toBe('like everybody')
})
