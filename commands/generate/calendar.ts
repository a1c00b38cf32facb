import type { Random } from '../../shared/algorithms/random.ts'
import { hoursOfDay } from '../../shared/operations/cost/hours-of-day.ts'

export const dayMs = 86_400_000
/** Histories end here, whenever they are made: the same seed gives the same bytes. */
const endMs = Date.UTC(2026, 0, 1)

/** Sales by weekday from Sunday and by month from January. */
const weekdays = [1.12, 0.95, 0.9, 0.92, 0.98, 1.05, 1.15]
const months = [0.85, 0.82, 0.92, 0.95, 1, 0.98, 0.92, 0.9, 0.98, 1.05, 1.35, 1.55]
const hourTotal = hoursOfDay.reduce((sum, weight) => sum + weight, 0)
/** Sales grow by so much from the first day to the last. */
const growth = 0.5
const noise = 0.15

export interface Calendar {
  days: number
  firstMs: number
  /** How many of `total` fall on each day; they add up to it. */
  spread(total: number): Int32Array
}

/** The days of a history: growing, with weekdays, seasons and some noise. */
export function calendar(days: number, random: Random): Calendar {
  const firstMs = endMs - days * dayMs
  const reached = new Float64Array(days)
  let sum = 0
  for (let day = 0; day < days; day++) {
    const date = new Date(firstMs + day * dayMs)
    const of = (weekdays[date.getUTCDay()] ?? 1) * (months[date.getUTCMonth()] ?? 1)
    sum += of * (1 + (growth * day) / days) * (1 + noise * (2 * random() - 1))
    reached[day] = sum
  }
  const spread = (total: number) => {
    let before = 0
    return Int32Array.from(reached, value => {
      const until = Math.round((total * value) / sum)
      const of = until - before
      before = until
      return of
    })
  }
  return { days, firstMs, spread }
}

/** A moment of a day in milliseconds, by the hours at which people shop. */
export function timeOfDay(random: Random): number {
  let left = random() * hourTotal
  let hour = 0
  while (hour < 23 && left >= (hoursOfDay[hour] ?? 0)) {
    left -= hoursOfDay[hour] ?? 0
    hour += 1
  }
  return Math.floor((hour + random()) * 3600) * 1000
}
