import type { Random } from '../../shared/algorithms/random.ts'
import { dayMs } from './calendar.ts'
import { categories } from './categories.ts'
import { powerLaw } from './power-law.ts'
import {
  categoryOf,
  favouritesPerUser,
  type SyntheticShop,
  stylesPerTopic,
  topicExponent,
  usersOn,
} from './synthetic-shop.ts'

/** Who comes and what they take, on one day. */
export interface Choices {
  user(): number
  /** @param with_ the item taken before, whose companion is often taken too */
  item(user: number | undefined, with_?: number): number
}

const itemExponent = 0.85
const userExponent = 0.55
/** So many visits are of anybody, the others of users by their activity. */
const shareOfAnybody = 0.2
const shareOfCompanions = 0.25
const shareOfFavourites = 0.72
const shareOfStyle = 0.6
const attemptsMax = 8

/** Draws by popularity, taste, season, and what is on sale that day; two draws or more of `random` each. */
export function choices(shop: SyntheticShop, random: Random): (day: number) => Choices {
  const { topics, profile } = shop
  const anyTopic = powerLaw(topics, topicExponent)
  const perTopic = Math.max(1, Math.floor(profile.items / topics))
  const rank = powerLaw(perTopic, itemExponent)
  const activity = powerLaw(profile.users, userExponent)
  const stride = coprimeStride(profile.users)
  const companion = (item: number) => {
    // Items stand in pairs: whoever takes one of topic t often takes its counterpart, or the one beside it, of topic t + 1.
    const beside = random() < 0.7 ? Math.floor(item / topics) : Math.floor(item / topics) ^ 1
    return (((item % topics) + 1) % topics) + topics * Math.min(beside, perTopic - 1)
  }
  const byTaste = (user: number) => {
    const which = Math.floor(favouritesPerUser * random() ** 1.6)
    const topic = shop.favourites[favouritesPerUser * user + which] ?? 0
    const place = rank(random)
    const ofStyle = place - (place % stylesPerTopic) + (shop.styles[user] ?? 0)
    return topic + topics * (random() < shareOfStyle && ofStyle < perTopic ? ofStyle : place)
  }
  return day => {
    const active = usersOn(day, shop)
    const seasons = seasonsOn(shop.calendar.firstMs + day * dayMs)
    const isOnSale = (item: number) =>
      (shop.launchDays[item] ?? 0) <= day &&
      (shop.soldOutUntil[item] ?? 0) <= day &&
      random() < (seasons[categoryOf(item, topics)] ?? 1)
    const user = () => {
      if (random() < shareOfAnybody) return Math.floor(random() * active)
      for (;;) {
        const number = (activity(random) * stride) % profile.users
        if (number < active) return number
      }
    }
    const item = (user: number | undefined, with_?: number) => {
      for (let attempt = 0; attempt < attemptsMax; attempt++) {
        const drawn =
          with_ !== undefined && attempt === 0 && random() < shareOfCompanions
            ? companion(with_)
            : user !== undefined && random() < shareOfFavourites
              ? byTaste(user)
              : anyTopic(random) + topics * rank(random)
        if (isOnSale(drawn)) return drawn
      }
      // The first of each topic are on sale from the first day on.
      return anyTopic(random)
    }
    return { user, item }
  }
}

/** Chance of each category to be taken on a day, beside its best day. */
function seasonsOn(ms: number): number[] {
  const month = new Date(ms).getUTCMonth() + new Date(ms).getUTCDate() / 31
  return categories.map(({ season, peakMonth }) => {
    const swing = Math.cos((2 * Math.PI * (month - peakMonth - 0.5)) / 12)
    return (1 + season * swing) / (1 + season)
  })
}

/** A step that visits every user: activity is no matter of when somebody signed up. */
function coprimeStride(users: number): number {
  let stride = Math.max(1, Math.round(users * 0.618))
  while (greatestCommonDivisor(stride, users) !== 1) stride += 1
  return stride
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
