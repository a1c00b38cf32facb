import { describe, expect, test } from 'vitest'
import { department } from './department.ts'
import { readShop } from './read-shop.ts'

describe('department()', () => {
  test.each([
    ['White Hanging Heart T-Light Holder', 'Lighting & Candles'],
    ['Regency Cakestand 3 Tier', 'Kitchen & Dining'],
    ['Jumbo Bag Red Retrospot', 'Bags & Travel'],
    ["Paper Chain Kit 50's Christmas", 'Christmas & Easter'],
    ['Mini Jigsaw Spaceboy', 'Toys & Games'],
    ['Herb Marker Thyme', 'Garden & Outdoor'],
    ['Victorian Sewing Box Large', 'Stationery & Craft'],
    ['Letter "A" Bling Key Ring', 'Jewellery & Accessories'],
    ['Doormat Union Flag', 'Soft Furnishings'],
    ['Wicker Wreath Large', 'Home Decoration'],
    ['Sweetheart Wire Magazine Rack', 'Storage & Organisation'],
    ['Gin + Tonic Diet Metal Sign', 'Clocks, Frames & Signs'],
    ['Party Bunting', 'Party & Celebration'],
    ['Wrap English Rose', 'Gift Wrap & Cards'],
    ['Frosted White Base', 'Other'],
  ])('puts %s into %s', (name, expected) => {
    expect(department(name)).toBe(expected)
  })

  test('lets the narrow rule win over the wide one', () => {
    expect(department('Chocolate Hot Water Bottle')).toBe('Bath & Wellbeing')
    expect(department('Vintage Bottle')).toBe('Kitchen & Dining')
  })

  test('matches whole words only: a pendant is no pen', () => {
    expect(department('Green Pendant')).toBe('Jewellery & Accessories')
    expect(department('Green Pens')).toBe('Stationery & Craft')
  })

  test('leaves fewer than 8 % of the sample shop in Other and fills every department', async () => {
    const { products } = await readShop()
    const sizes = Map.groupBy(products, product => product.category)
    expect(sizes.size).toBe(16)
    expect(sizes.get('Other')?.length).toBeLessThan(0.08 * products.length)
    expect(products.every(product => product.category === department(product.name))).toBe(true)
  })
})
