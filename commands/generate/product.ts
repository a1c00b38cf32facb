import { brands, categories, qualities } from './categories.ts'
import { categoryOf, type SyntheticShop } from './synthetic-shop.ts'

export interface Product {
  name: string
  category: string
  brand: string
}

/** What an item is called: a brand's things of a category share a topic, each under a name of its own. */
export function productOf(item: number, { topics }: Pick<SyntheticShop, 'topics'>): Product {
  const topic = item % topics
  const place = Math.floor(item / topics)
  const { name: category = '', things = [] } = categories[categoryOf(item, topics)] ?? {}
  const brand = brands[Math.floor(topic / categories.length) % brands.length] ?? ''
  const thing = things[place % things.length] ?? ''
  const quality = qualities[Math.floor(place / things.length) % qualities.length] ?? ''
  return { name: `${brand} ${quality} ${thing} ${item}`, category, brand }
}
