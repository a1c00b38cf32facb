import { seededRandom } from '../../shared/algorithms/random.ts'
import { brands, categories, qualities, styleNames } from './categories.ts'
import { categoryOf, places, type SyntheticShop, stylesPerTopic } from './synthetic-shop.ts'

export interface Product {
  name: string
  category: string
  brand: string
  description: string
  tags: readonly string[]
  /** Where it is sold; none: everywhere. */
  channels: readonly string[]
  regions: readonly string[]
  minAge: number | undefined
  isHidden: boolean
}

/** These shares of the items are sold online alone, in one country alone, to adults alone, and are never recommended. */
const shareOnline = 0.06
const shareOfOneCountry = 0.03
const shareForAdults = 0.15
const shareHidden = 0.01
/** Only things of these are ever for adults alone. */
const adultThings: readonly string[] = ['Grill', 'Chocolate', 'Knife', 'Novel']
const adultAge = 18

/**
 * What an item is: a brand's things of a category share a topic, each under a name of its own. Drawn from the seed and the
 * item's number alone, so that it is the same on every day.
 */
export function productOf(item: number, { topics, seed }: Pick<SyntheticShop, 'topics' | 'seed'>): Product {
  const topic = item % topics
  const place = Math.floor(item / topics)
  const { name: category = '', things = [], features = [] } = categories[categoryOf(item, topics)] ?? {}
  const brand = brands[Math.floor(topic / categories.length) % brands.length] ?? ''
  const thing = things[place % things.length] ?? ''
  const quality = qualities[Math.floor(place / things.length) % qualities.length] ?? ''
  const style = styleNames[place % stylesPerTopic] ?? ''
  const random = seededRandom(firstSeed + (seed % seedsApart) * itemsMax + item)
  const oneOf = <T>(of: readonly T[]): T | undefined => of[Math.floor(random() * of.length)]
  const feature = oneOf(features) ?? ''
  const other = oneOf(features.filter(each => each !== feature)) ?? ''
  return {
    ...{ name: `${brand} ${quality} ${thing} ${item}`, category, brand },
    description: `A ${style} ${thing.toLowerCase()} of our ${category} department: ${feature} and ${other}, by ${brand}`,
    tags: [...new Set([style, thing.toLowerCase(), feature])],
    channels: random() < shareOnline ? ['web', 'app'] : [],
    regions: random() < shareOfOneCountry ? regionsOf(oneOf(places)?.country.name) : [],
    minAge: adultThings.includes(thing) && random() < shareForAdults ? adultAge : undefined,
    isHidden: random() < shareHidden,
  }
}

/** Seeds of items lie beyond those of a shop's parts and of its faults. */
const firstSeed = 2 ** 50
const itemsMax = 2 ** 17
const seedsApart = 2 ** 30

const regionsOf = (country: string | undefined) => [
  ...new Set(places.filter(place => place.country.name === country).map(({ region }) => region)),
]
