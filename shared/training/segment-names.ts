import type { behaviourFeatures } from './behaviour.ts'

/** What a feature far below and far above the mean is called. */
const words: Readonly<Record<(typeof behaviourFeatures)[number], readonly [below: string, above: string]>> = {
  recency: ['here lately', 'long away'],
  purchases: ['few purchases', 'frequent'],
  categories: ['few categories', 'many categories'],
  views_per_purchase: ['buys without looking around', 'looks around'],
  price: ['low price', 'high price'],
  weekends: ['weekdays', 'weekends'],
  nights: ['daytime', 'nights'],
}
/** Deviations from the mean that set a segment apart, and how many of them are told. */
const deviationsMin = 0.5
const wordsMax = 2
/** A category is told that the segment buys this many times as much of as all users, and that is this share of it. */
const liftMin = 1.3
const shareMin = 0.15

/**
 * What sets a segment apart in words, the most first, with the category it is fond of: "frequent, Gifts, low price"; "like
 * everybody" when nothing does.
 * @param deviations by feature, from the mean of all users
 * @param categories by name: its share of the segment's purchases and of all
 */
export function segmentName(
  deviations: Readonly<Record<(typeof behaviourFeatures)[number], number>>,
  categories: readonly { name: string; share: number; ofAll: number }[],
): string {
  const apart = Object.entries(deviations)
    .filter(([, value]) => Math.abs(value) >= deviationsMin)
    .sort(([a, x], [b, y]) => Math.abs(y) - Math.abs(x) || (a < b ? -1 : 1))
  const told = apart.slice(0, wordsMax).map(([feature, value]) => wordOf(feature, value))
  const [fond] = categories
    .filter(({ share, ofAll }) => share >= shareMin && share >= liftMin * ofAll)
    .sort((a, b) => b.share / b.ofAll - a.share / a.ofAll || (a.name < b.name ? -1 : 1))
  const [first, ...others] = told
  const all = [first, fond?.name, ...others].filter(word => word !== undefined)
  return all.length === 0 ? 'like everybody' : all.join(', ')
}

function wordOf(feature: string, value: number): string {
  const [below, above] = Object.entries(words).find(([name]) => name === feature)?.[1] ?? ['', '']
  return value < 0 ? below : above
}
