import type { NameList } from './name-list.ts'

/** Gives each name, as UTF-8, the next free number, from 0. */
export interface NameNumbers {
  /** @param name its bytes are copied */
  numberOf(name: Uint8Array): number
  /** The names in order of number, as they are now. */
  names(): NameList
}

/** An empty numbering: bytes and 8 to 20 bytes a name, where a Map of strings takes more than a hundred. */
export function nameNumbers(): NameNumbers {
  let size = 0
  let bytes = new Uint8Array(1024)
  let offsets = new Uint32Array(64)
  /** Number + 1 of the name in a slot; 0 is free. */
  let slots = new Uint32Array(128)
  const slotOf = (name: Uint8Array): number => {
    const mask = slots.length - 1
    let slot = nameHash(name) & mask
    while (slots[slot] !== 0 && !isAt(slots[slot]! - 1, name)) slot = (slot + 1) & mask
    return slot
  }
  const isAt = (number: number, name: Uint8Array): boolean => {
    const from = offsets[number]!
    if (offsets[number + 1]! - from !== name.length) return false
    for (let index = 0; index < name.length; index++) if (bytes[from + index] !== name[index]) return false
    return true
  }
  const add = (name: Uint8Array): void => {
    const from = offsets[size]!
    if (from + name.length > bytes.length) bytes = larger(bytes, 2 * (from + name.length))
    bytes.set(name, from)
    size += 1
    if (size === offsets.length) offsets = larger(offsets, 2 * size)
    offsets[size] = from + name.length
  }
  const rehash = (): void => {
    slots = new Uint32Array(2 * slots.length)
    for (let number = 0; number < size; number++) {
      slots[slotOf(bytes.subarray(offsets[number], offsets[number + 1]))] = number + 1
    }
  }
  return {
    numberOf: name => {
      const slot = slotOf(name)
      const known = slots[slot]!
      if (known > 0) return known - 1
      add(name)
      slots[slot] = size
      if (2 * size > slots.length) rehash()
      return size - 1
    },
    names: () => ({ bytes: bytes.slice(0, offsets[size]), offsets: offsets.slice(0, size + 1) }),
  }
}

/** 32 bits of a name. Source: Fowler, Noll, Vo, FNV-1a; the last line spreads what its low bits lack. */
export function nameHash(name: Uint8Array): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < name.length; index++) hash = Math.imul(hash ^ name[index]!, 0x01000193)
  return (hash ^ (hash >>> 15)) >>> 0
}

function larger<Numbers extends Uint8Array | Uint32Array>(numbers: Numbers, length: number): Numbers
function larger(numbers: Uint8Array | Uint32Array, length: number): Uint8Array | Uint32Array {
  const more = numbers instanceof Uint8Array ? new Uint8Array(length) : new Uint32Array(length)
  more.set(numbers)
  return more
}
