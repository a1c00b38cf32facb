import type { Item } from '../schemas/catalogue.ts'
import type { Catalogue } from '../sources/reads.ts'

/** Products of a category whose name holds every word, in the order asked for; ties by name. */
export function findProducts(
  catalogue: Catalogue,
  by: { category?: string | undefined; words?: string | undefined; sort: 'name' | 'price' | '-price' },
): readonly Item[] {
  const words = (by.words ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  const found = catalogue.byName.filter(({ name, category, id }) => {
    if (by.category !== undefined && category !== by.category) return false
    const text = `${name} ${id}`.toLowerCase()
    return words.every(word => text.includes(word))
  })
  switch (by.sort) {
    case 'name':
      return found
    case 'price':
      return found.toSorted((a, b) => a.price - b.price)
    case '-price':
      return found.toSorted((a, b) => b.price - a.price)
  }
}
