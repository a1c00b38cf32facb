import { gaussian, type Random, seededRandom } from '../../shared/algorithms/random.ts'
import { type Calendar, calendar, dayMs } from './calendar.ts'
import { categories } from './categories.ts'
import { countries } from './people.ts'
import { powerLaw } from './power-law.ts'
import type { Profile } from './profiles.ts'

/**
 * A shop as it is on one day of its history: what `daysOf` changes as days go by. Memory grows with users and items, about
 * 20 bytes each, never with what they do.
 *
 * Items are divided into topics, a brand's things in a category: topic t has the items t, t + topics, t + 2 topics …, the
 * most popular first. A user prefers three topics, and in each of them one of four styles.
 */
export interface SyntheticShop {
  profile: Profile
  seed: number
  calendar: Calendar
  topics: number
  /** Of each item: price of the day, first day on sale, how good it is from 1 to 5, and until which day it is sold out. */
  prices: Float64Array
  launchDays: Int16Array
  quality: Float32Array
  soldOutUntil: Int16Array
  /** Of each user: three topics, one style, where they live, and 32 bits that their name and the like come from. */
  favourites: Uint16Array
  styles: Uint8Array
  places: Uint16Array
  persons: Uint32Array
  /** A sequence of its own for each part of the simulation, so that one can change without the others. */
  random(part: (typeof parts)[number]): Random
}

const parts = ['shop', 'calendar', 'orders', 'events', 'ratings', 'changes', 'rows'] as const
export const favouritesPerUser = 3
export const stylesPerTopic = 4
/** This share of the items is on sale from the first day, the others come later. */
const shareAtFirst = 0.85
/** This share of the users signed up before the first day. */
const shareSignedUp = 0.6
/** The first of them so many days before. */
const earliestSignUpDays = 1000

/** Places are numbered country by country, town by town. */
export const places = countries.flatMap((country, of) =>
  country.towns.map(([region, town]) => ({
    country,
    region,
    town,
    share: (countries[of]?.share ?? 0) / country.towns.length,
  })),
)

/** @param seed whole number from 0; another seed is another shop */
export function syntheticShop(profile: Profile, seed: number): SyntheticShop {
  const { users, items, days } = profile
  const topics = Math.max(1, Math.round(Math.sqrt(items)))
  const sequence = (part: (typeof parts)[number]) => seededRandom(seed * parts.length + parts.indexOf(part))
  const random = sequence('shop')
  const topic = powerLaw(topics, topicExponent)
  const launchDay = (item: number) =>
    item < topics || random() < shareAtFirst ? 0 : 1 + Math.floor(random() * Math.max(1, days - 1))
  return {
    ...{ profile, seed, topics, random: sequence },
    calendar: calendar(days, sequence('calendar')),
    prices: Float64Array.from({ length: items }, (_, item) => {
      const { price = 10 } = categories[categoryOf(item, topics)] ?? {}
      return inTwentieths(price * Math.exp(0.5 * gaussian(random)))
    }),
    launchDays: Int16Array.from({ length: items }, (_, item) => launchDay(item)),
    quality: Float32Array.from({ length: items }, () => Math.min(4.8, Math.max(2, 3.7 + 0.6 * gaussian(random)))),
    soldOutUntil: new Int16Array(items),
    favourites: Uint16Array.from({ length: favouritesPerUser * users }, () => topic(random)),
    styles: Uint8Array.from({ length: users }, () => Math.floor(random() * stylesPerTopic)),
    places: Uint16Array.from({ length: users }, () => drawPlace(random)),
    persons: Uint32Array.from({ length: users }, () => Math.floor(random() * 2 ** 32)),
  }
}

/** A price as shops write it: a cent below a twentieth, 49 cents at least. */
export const inTwentieths = (price: number) => Math.max(49, 5 * Math.round(20 * price) - 1) / 100

/** Popularity of topics falls with their number. */
export const topicExponent = 0.7

export const categoryOf = (item: number, topics: number) => (item % topics) % categories.length

/** Users are numbered as they signed up: those below this number are customers on that day. */
export function usersOn(day: number, { profile: { users, days } }: Pick<SyntheticShop, 'profile'>): number {
  return Math.max(1, Math.round(users * (shareSignedUp + ((1 - shareSignedUp) * (day + 1)) / days)))
}

/** When a user signed up, midnight of the day. */
export function signedUpMs(user: number, shop: Pick<SyntheticShop, 'profile' | 'calendar'>): number {
  const { users, days } = shop.profile
  const first = usersOn(0, shop)
  if (user < first) return shop.calendar.firstMs - dayMs * Math.ceil(earliestSignUpDays * (1 - user / first))
  let day = Math.max(0, Math.floor((((user + 0.5) / users - shareSignedUp) / (1 - shareSignedUp)) * days) - 1)
  while (usersOn(day, shop) <= user) day += 1
  return shop.calendar.firstMs + day * dayMs
}

export function drawPlace(random: Random): number {
  let left = random()
  for (const [place, { share }] of places.entries()) {
    left -= share
    if (left < 0) return place
  }
  return 0
}
