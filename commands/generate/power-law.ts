import type { Random } from '../../shared/algorithms/random.ts'

/**
 * A source of whole numbers from 0 to count − 1 whose frequency falls as (number + 1)^−exponent: the inverse of the
 * continuous distribution, rounded down. One draw of `random` each.
 * @param exponent above 0, not 1
 */
export function powerLaw(count: number, exponent: number): (random: Random) => number {
  const power = 1 - exponent
  const span = (count + 1) ** power - 1
  return random => Math.min(count - 1, Math.floor((1 + span * random()) ** (1 / power)) - 1)
}
