import type { Item } from '../schemas/catalogue.ts'

/** Letters that no normal form takes apart. */
const apart: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ı: 'i',
}
const texts = new WeakMap<Item, string>()

/** The words of a text in lower case without marks on letters: `Crème BRÛLÉE` is creme, brulee. */
export function wordsOf(text: string): string[] {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[ßæœøđðłþı]/g, letter => apart[letter] ?? letter)
  return plain.split(/[^\p{L}\p{N}]+/u).filter(Boolean)
}

/** Whether each of the words begins a word of the item's name, brand, category, tags or id. */
export function hasWords(item: Item, words: readonly string[]): boolean {
  if (words.length === 0) return true
  const text = textOf(item)
  return words.every(word => text.includes(` ${word}`))
}

/** Made once for each version of an item. */
function textOf(item: Item): string {
  const known = texts.get(item)
  if (known !== undefined) return known
  const { id, name, brand = '', category, tags = [] } = item
  const made = ` ${wordsOf([name, brand, category, ...tags, id].join(' ')).join(' ')}`
  texts.set(item, made)
  return made
}
