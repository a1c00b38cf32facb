const SMALL_WORDS = new Set(['a', 'and', 'at', 'by', 'de', 'des', 'du', 'for', 'in', 'of', 'on', 'the', 'to', 'with'])
const CAPITALS = new Set(['cd', 'dvd', 'i', 'led', 'm.o.p', 'tv', 'uk', '3d', 'a4', 'a5', 'a6'])

/**
 * Gives the till's capitals a pleasant case: `WHITE HANGING HEART T-LIGHT HOLDER` reads `White Hanging Heart T-Light
 * Holder`. Only case, spaces and stray punctuation change, never a word: the till cuts at 35 characters and so do we.
 */
export function productName(description: string): string {
  const words = tidyDescription(description)
    .replace(/\s+,/g, ',')
    .replace(/,(?=\S)/g, ', ')
    .replace(/[\s,.]+$/, '')
    .toLowerCase()
    .split(' ')
  return words.map((word, position) => titleWord(word, position === 0)).join(' ')
}

/** Trims a description and makes every run of white space one space, so that equal texts compare equal. */
export function tidyDescription(description: string): string {
  return description.trim().replace(/\s+/g, ' ')
}

function titleWord(word: string, first: boolean): string {
  if (CAPITALS.has(word)) return word.toUpperCase()
  if (!first && SMALL_WORDS.has(word)) return word
  return word.replace(/(^|[^a-z0-9'’])([a-z])/g, (_, before: string, letter: string) => before + letter.toUpperCase())
}
