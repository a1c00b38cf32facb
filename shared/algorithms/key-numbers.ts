/** Gives each key the next free number, from 0; keys are finite and not 0. */
export interface KeyNumbers {
  /** How many keys there are. */
  readonly size: number
  numberOf(key: number): number
}

/** At most two thirds of the slots are taken. */
const fullest = 2 / 3

/** An empty numbering of 12 bytes a slot with room for `expected` keys; it grows beyond as needed. */
export function keyNumbers(expected: number): KeyNumbers {
  let size = 0
  let keys = slotsFor(expected)
  let numbers = new Uint32Array(keys.length)
  const grow = () => {
    const before = { keys, numbers }
    keys = slotsFor(2 * fullest * keys.length)
    numbers = new Uint32Array(keys.length)
    for (let slot = 0; slot < before.keys.length; slot++) {
      const key = before.keys[slot]!
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

/**
 * An empty set of 8 bytes a slot for up to `keysMax` keys, finite and not 0; `add` tells whether the key is new.
 * @throws RangeError from `add` when there are more
 */
export function keySet(keysMax: number): { add(key: number): boolean } {
  const keys = slotsFor(keysMax)
  let size = 0
  return {
    add: key => {
      const slot = slotOf(keys, key)
      if (keys[slot] === key) return false
      if (size === keysMax) throw new RangeError(`Cannot add a key as there must be ≤ ${keysMax}: one more was given`)
      keys[slot] = key
      size += 1
      return true
    },
  }
}

function slotsFor(keys: number): Float64Array {
  return new Float64Array(2 ** Math.max(4, Math.ceil(Math.log2((keys + 1) / fullest))))
}

/** The slot that holds the key, or the free one where it belongs. */
function slotOf(keys: Float64Array, key: number): number {
  const mask = keys.length - 1
  // The low bits of a key are as good as a hash of it.
  let slot = key & mask
  while (keys[slot] !== 0 && keys[slot] !== key) slot = (slot + 1) & mask
  return slot
}
