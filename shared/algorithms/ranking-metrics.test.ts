import { describe, expect, test } from 'vitest'
import { averagePrecisionAtK, coverageAtK, hitRateAtK, ndcgAtK, precisionAtK, recallAtK } from './ranking-metrics.ts'

// Hits at ranks 1 and 3, of three relevant items; rank 5 is beyond k = 4.
const recommended = [10, 20, 30, 40, 50]
const relevant = new Set([10, 30, 50])

describe('the metrics of one list, computed by hand', () => {
  test('precision counts hits over k, also when the list is shorter', () => {
    expect(precisionAtK(recommended, relevant, 4)).toBe(2 / 4)
    expect(precisionAtK([10], relevant, 4)).toBe(1 / 4)
  })

  test('recall counts hits over all relevant items, also when there are more than k', () => {
    expect(recallAtK(recommended, relevant, 4)).toBe(2 / 3)
    expect(recallAtK(recommended, relevant, 1)).toBe(1 / 3)
  })

  test('average precision is (1/1 + 2/3) / 3, and normalised by k when k is the smaller', () => {
    expect(averagePrecisionAtK(recommended, relevant, 4)).toBeCloseTo((1 + 2 / 3) / 3, 12)
    expect(averagePrecisionAtK(recommended, relevant, 1)).toBe(1)
  })

  test('NDCG discounts by log2(rank + 1) against the best possible list', () => {
    const gain = 1 / Math.log2(2) + 1 / Math.log2(4)
    const ideal = 1 / Math.log2(2) + 1 / Math.log2(3) + 1 / Math.log2(4)
    expect(ndcgAtK(recommended, relevant, 4)).toBeCloseTo(gain / ideal, 12)
    expect(ndcgAtK([30, 10], relevant, 2)).toBe(1)
  })

  test('hit rate asks only whether anything was hit', () => {
    expect(hitRateAtK(recommended, relevant, 1)).toBe(1)
    expect(hitRateAtK([20, 40, 10], relevant, 2)).toBe(0)
  })
})

test('coverage is the share of the catalogue shown to anybody', () => {
  expect(coverageAtK([[1, 2, 3], [2, 1, 4], []], 2, 8)).toBe(2 / 8)
  expect(coverageAtK([], 2, 0)).toBe(0)
})

test('an empty list and an empty set of relevant items give 0, never NaN', () => {
  for (const metric of [precisionAtK, recallAtK, averagePrecisionAtK, ndcgAtK, hitRateAtK]) {
    expect(metric([], relevant, 5)).toBe(0)
    expect(metric(recommended, new Set(), 5)).toBe(0)
  }
})

test('k below 1 is refused, and named', () => {
  for (const metric of [precisionAtK, recallAtK, averagePrecisionAtK, ndcgAtK, hitRateAtK]) {
    expect(() => metric(recommended, relevant, 0)).toThrow('k must be an integer ≥ 1: current value is 0')
  }
  expect(() => coverageAtK([], 1.5, 3)).toThrow(RangeError)
})
