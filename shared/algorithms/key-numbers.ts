/** Gives each key the next free number, from 0; keys are finite and not 0. */
export interface KeyNumbers {
  /** How many keys there are. */
  readonly size: number
  numberOf(key: number): number
}

/** 12 bytes a slot; at most two thirds of the slots are taken. */
const fullest = 2 / 3

/** An empty numbering with room for `expected` keys; it grows beyond as needed. */
export function keyNumbers(expected: number): KeyNumbers {
  let size = 0
  let { keys, numbers } = slotsFor(expected)
  const grow = () => {
    const before = { keys, numbers }
    const after = slotsFor(2 * fullest * keys.length)
    keys = after.keys
    numbers = after.numbers
    for (const [slot, key] of before.keys.entries()) {
      if (key === 0) continue
      const target = slotOf(keys, key)
      keys[target] = key
      numbers[target] = before.numbers[slot]!
    }
  }
  return {
    get size() {
      return size
    },
    numberOf: key => {
      const slot = slotOf(keys, key)
      if (keys[slot] === key) return numbers[slot]!
      keys[slot] = key
      numbers[slot] = size
      size += 1
      if (size > fullest * keys.length) grow()
      return size - 1
    },
  }
}

function slotsFor(expected: number): { keys: Float64Array; numbers: Uint32Array } {
  const slots = 2 ** Math.max(4, Math.ceil(Math.log2((expected + 1) / fullest)))
  return { keys: new Float64Array(slots), numbers: new Uint32Array(slots) }
}

/** The slot that holds the key, or the free one where it belongs. */
function slotOf(keys: Float64Array, key: number): number {
  const mask = keys.length - 1
  // The low bits of a key are as good as a hash of it.
  let slot = key & mask
  while (keys[slot] !== 0 && keys[slot] !== key) slot = (slot + 1) & mask
  return slot
}
