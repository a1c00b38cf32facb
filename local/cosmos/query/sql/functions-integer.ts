import type { Value } from '../../json.ts'
import type { BuiltIn } from './built-in.ts'

// Integers of 64 bits with a sign, which wrap around: what a double cannot hold exactly is rounded once, at the end.
const wrapped = (value: bigint): number => Number(BigInt.asIntN(64, value))

function integer(value: Value): bigint | undefined {
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : undefined
}

const two = (apply: (a: bigint, b: bigint) => bigint | undefined): BuiltIn => ({
  least: 2,
  most: 2,
  call: (left, right) => {
    const [a, b] = [integer(left), integer(right)]
    const result = a === undefined || b === undefined ? undefined : apply(a, b)
    return result === undefined ? undefined : wrapped(result)
  },
})

/** A shift by a count of bits below 64; any other is undefined. */
const shift = (apply: (a: bigint, bits: bigint) => bigint): BuiltIn =>
  two((a, bits) => (bits >= 0n && bits < 64n ? apply(a, bits) : undefined))

export const INTEGER_FUNCTIONS: Record<string, BuiltIn> = {
  INTADD: two((a, b) => a + b),
  INTBITAND: two((a, b) => a & b),
  INTBITLEFTSHIFT: shift((a, bits) => a << bits),
  INTBITNOT: {
    least: 1,
    most: 1,
    call: value => {
      const a = integer(value)
      return a === undefined ? undefined : wrapped(~a)
    },
  },
  INTBITOR: two((a, b) => a | b),
  INTBITRIGHTSHIFT: shift((a, bits) => a >> bits),
  INTBITXOR: two((a, b) => a ^ b),
  INTDIV: two((a, b) => (b === 0n ? undefined : a / b)),
  INTMOD: two((a, b) => (b === 0n ? undefined : a % b)),
  INTMUL: two((a, b) => a * b),
  INTSUB: two((a, b) => a - b),
}
