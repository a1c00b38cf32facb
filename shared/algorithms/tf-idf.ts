import type { Csr } from './csr.ts'
import { stopWords } from './stop-words.ts'

/** Terms that are counted at once: when there are more, those met only once so far are forgotten. */
const countedMax = 500_000

interface TfIdf {
  /** By column: the shortest word that counts as the term. */
  terms: string[]
  /** tf-idf, rows of length 1 or of no entry; shape (texts, terms) */
  rows: Csr
}

/**
 * Texts as rows over the `termsMax` terms that most of them hold, of those in at least two: (1 + ln tf) × (1 + ln((1 + texts) /
 * (1 + texts with the term))), each row scaled to length 1. English stop words and numbers are no terms; a plural counts as
 * its singular. A text without a term is an empty row.
 * Source: Salton, Buckley, "Term-weighting approaches in automatic text retrieval", 1988; smoothed as scikit-learn does.
 */
export function tfIdf(texts: readonly string[], { termsMax }: { termsMax: number }): TfIdf {
  const known = [...countTexts(texts)].filter(([, { texts: count }]) => count > 1)
  known.sort(([a, x], [b, y]) => y.texts - x.texts || (a < b ? -1 : 1))
  const vocabulary = known.slice(0, termsMax)
  const columnOf = new Map(vocabulary.map(([stem], column) => [stem, column]))
  const idf = vocabulary.map(([, { texts: count }]) => 1 + Math.log((1 + texts.length) / (1 + count)))
  const indptr = new Uint32Array(texts.length + 1)
  const indices: number[] = []
  const values: number[] = []
  for (const [row, text] of texts.entries()) {
    const counts = new Map<number, number>()
    for (const word of wordsOf(text)) {
      const column = columnOf.get(stemOf(word))
      if (column !== undefined) counts.set(column, (counts.get(column) ?? 0) + 1)
    }
    const weights = [...counts]
      .map(([column, count]): [number, number] => [column, (1 + Math.log(count)) * (idf[column] ?? 0)])
      .sort(([a], [b]) => a - b)
    const length = Math.sqrt(weights.reduce((sum, [, weight]) => sum + weight * weight, 0))
    for (const [column, weight] of weights) {
      indices.push(column)
      values.push(weight / length)
    }
    indptr[row + 1] = indices.length
  }
  const shape = { rows: texts.length, columns: vocabulary.length }
  const rows = { ...shape, indptr, indices: Uint32Array.from(indices), values: Float32Array.from(values) }
  return { terms: vocabulary.map(([, { word }]) => word), rows }
}

/** Words in lower case without accents, of two letters or more; numbers and stop words are none. */
export function wordsOf(text: string): string[] {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  return (plain.match(/[\p{L}\p{N}]+/gu) ?? []).filter(
    word => word.length > 1 && /\p{L}/u.test(word) && !stopWords.has(word),
  )
}

/** What a word and its plural have in common. Source: Harman, "How effective is suffixing?", JASIS 1991 (S stemmer). */
function stemOf(word: string): string {
  if (word.length < 4 || !word.endsWith('s')) return word
  if (/[^ea]ies$/.test(word)) return `${word.slice(0, -3)}y`
  if (/[^aeo]es$/.test(word)) return word.slice(0, -1)
  return /[^us]s$/.test(word) ? word.slice(0, -1) : word
}

/** How many texts hold each term, and the shortest word that counts as it. */
function countTexts(texts: readonly string[]): Map<string, { texts: number; word: string }> {
  const counted = new Map<string, { texts: number; word: string }>()
  for (const text of texts) {
    const met = new Set<string>()
    for (const word of wordsOf(text)) {
      const stem = stemOf(word)
      const before = counted.get(stem)
      if (!before) counted.set(stem, { texts: 1, word })
      else {
        if (!met.has(stem)) before.texts += 1
        if (word.length < before.word.length) before.word = word
      }
      met.add(stem)
    }
    if (counted.size > countedMax) for (const [stem, { texts: count }] of counted) if (count === 1) counted.delete(stem)
  }
  return counted
}
