import { describe, expect, test } from 'vitest'
import { productOf } from './product.ts'
import { profiles } from './profiles.ts'
import { places, syntheticShop } from './synthetic-shop.ts'

const shop = syntheticShop(profiles.tiny, 1)
const products = Array.from({ length: 1_000 }, (_, item) => productOf(item, shop))
const shareOf = (is: (product: (typeof products)[number]) => boolean) => products.filter(is).length / products.length

describe('a product of a generated shop', () => {
  test('is described by words that it shares with others of its kind, and has tags', () => {
    for (const { description, tags, category, brand } of products) {
      expect(description).toContain(category)
      expect(description).toContain(brand)
      expect(description.length).toBeLessThan(200)
      expect(tags.length).toBeGreaterThanOrEqual(2)
    }
    const words = new Set(products.flatMap(({ tags }) => tags))
    expect(words.size).toBeGreaterThan(50)
    expect(words.size).toBeLessThan(150)
  })

  test('is for some only, now and then', () => {
    const regions = new Set(places.map(({ region }) => region))
    for (const product of products) for (const region of product.regions) expect(regions).toContain(region)
    for (const share of [
      shareOf(({ channels }) => channels.length > 0),
      shareOf(product => product.regions.length > 0),
      shareOf(({ minAge }) => minAge === 18),
      shareOf(({ isHidden }) => isHidden),
    ]) {
      expect(share).toBeGreaterThan(0)
      expect(share).toBeLessThan(0.1)
    }
  })

  test('is the same whenever it is asked for, and another in another shop', () => {
    expect(productOf(7, shop)).toEqual(products[7])
    const others = Array.from({ length: 1_000 }, (_, item) => productOf(item, { ...shop, seed: 2 }))
    expect(others.map(({ tags }) => tags)).not.toEqual(products.map(({ tags }) => tags))
  })
})
