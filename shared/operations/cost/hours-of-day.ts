/** How a shop's traffic falls on the hours of its day: sales by the hour, which the generator of shops has too. */
export const hoursOfDay: readonly number[] = [
  ...[5, 3, 2, 1, 1, 2, 5, 12, 22, 30, 36, 42, 48, 44, 40, 38, 40, 46, 54, 64, 70, 60, 36, 15],
]
const total = hoursOfDay.reduce((sum, weight) => sum + weight, 0)

/** So many a day as a rate a second, hour by hour. */
export const ratesBySecond = (perDay: number): number[] => hoursOfDay.map(weight => (perDay * weight) / total / 3600)

/** The busiest hour's rate a second. */
export const peakPerSecond = (perDay: number): number => Math.max(...ratesBySecond(perDay))
