import type { BuiltIn } from './built-in.ts'

const finite = (result: number): number | undefined => (Number.isFinite(result) ? result : undefined)

const one = (apply: (value: number) => number): BuiltIn => ({
  least: 1,
  most: 1,
  call: value => (typeof value === 'number' ? finite(apply(value)) : undefined),
})

const two = (apply: (a: number, b: number) => number): BuiltIn => ({
  least: 2,
  most: 2,
  call: (a, b) => (typeof a === 'number' && typeof b === 'number' ? finite(apply(a, b)) : undefined),
})

// Azure rounds halves away from zero, JavaScript rounds them up.
const roundHalfAway = (value: number): number => Math.sign(value) * Math.round(Math.abs(value))

export const MATH_FUNCTIONS: Record<string, BuiltIn> = {
  ABS: one(Math.abs),
  ACOS: one(Math.acos),
  ASIN: one(Math.asin),
  ATAN: one(Math.atan),
  ATN2: two(Math.atan2),
  CEILING: one(Math.ceil),
  COS: one(Math.cos),
  COT: one(value => 1 / Math.tan(value)),
  DEGREES: one(value => (value * 180) / Math.PI),
  EXP: one(Math.exp),
  FLOOR: one(Math.floor),
  LOG: {
    least: 1,
    most: 2,
    call: (value, base) => {
      if (typeof value !== 'number') return undefined
      if (base === undefined) return finite(Math.log(value))
      return typeof base === 'number' ? finite(Math.log(value) / Math.log(base)) : undefined
    },
  },
  LOG10: one(Math.log10),
  NUMBERBIN: {
    least: 1,
    most: 2,
    call: (value, size = 1) =>
      typeof value === 'number' && typeof size === 'number' && size !== 0
        ? finite(Math.floor(value / size) * size)
        : undefined,
  },
  PI: { least: 0, most: 0, call: () => Math.PI },
  POWER: two((a, b) => a ** b),
  RADIANS: one(value => (value * Math.PI) / 180),
  RAND: { least: 0, most: 0, call: Math.random },
  ROUND: {
    least: 1,
    most: 2,
    call: (value, digits) => {
      if (typeof value !== 'number') return undefined
      if (digits === undefined) return roundHalfAway(value)
      if (typeof digits !== 'number' || !Number.isInteger(digits)) return undefined
      const scale = 10 ** digits
      return finite(roundHalfAway(value * scale) / scale)
    },
  },
  SIGN: one(Math.sign),
  SIN: one(Math.sin),
  SQRT: one(Math.sqrt),
  SQUARE: one(value => value * value),
  TAN: one(Math.tan),
  TRUNC: one(Math.trunc),
}
