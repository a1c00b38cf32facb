import { hash } from 'node:crypto'

/** What a digest knows of a value: it is the one published, another was, or nothing is known of its id. */
export type Known = 'same' | 'changed' | 'unknown'

const magic = 'SCDIGEST'
const version = 1
const headerBytes = 16
/** Words of an entry: 64 bits of the id, then 64 bits of id and value together. */
const entryWords = 4

/**
 * What a collection's documents hold, as 16 bytes a document: so that a value which has not changed is known without
 * reading it. Entries stand in the order they came in. Two ids of one hash do not pass for each other, as the value's
 * hash is made of the id too.
 */
export class Digest {
  #words: Uint32Array
  /** Open addressing by the first word: the entry's place plus one, 0 where there is none. */
  #places: Uint32Array
  #size = 0

  constructor(expected = 1_000) {
    this.#words = new Uint32Array(entryWords * expected)
    this.#places = new Uint32Array(placesFor(expected))
  }

  get size(): number {
    return this.#size
  }

  /** @throws RangeError when the bytes are no digest, or one of another version */
  static decode(bytes: Uint8Array): Digest {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const found = new TextDecoder('latin1').decode(bytes.subarray(0, magic.length))
    const entries = bytes.length < headerBytes ? -1 : view.getUint32(12, true)
    if (found !== magic || view.getUint32(8, true) !== version || bytes.length !== headerBytes + 16 * entries) {
      throw new RangeError(
        `Cannot read a digest as its bytes must be ${magic}, version ${version}, and 16 bytes an entry: they begin with '${found}'`,
      )
    }
    const digest = new Digest(entries)
    for (let word = 0; word < entryWords * entries; word++) {
      digest.#words[word] = view.getUint32(headerBytes + 4 * word, true)
    }
    for (let entry = 0; entry < entries; entry++) digest.#places[digest.#placeOf(entryWords * entry)] = entry + 1
    digest.#size = entries
    return digest
  }

  /** @param mark of the id and value asked about, as `markOf` makes it */
  knows(mark: Uint32Array): Known {
    const entry = this.#entryOf(mark)
    if (entry === undefined) return 'unknown'
    const at = entryWords * entry
    return this.#words[at + 2] === mark[2] && this.#words[at + 3] === mark[3] ? 'same' : 'changed'
  }

  /** Takes in an id's value, in place of the one before. */
  set(mark: Uint32Array): void {
    const entry = this.#entryOf(mark)
    if (entry !== undefined) {
      this.#words.set(mark, entryWords * entry)
      return
    }
    if (entryWords * this.#size === this.#words.length) this.#grow()
    this.#words.set(mark, entryWords * this.#size)
    this.#places[this.#placeOf(entryWords * this.#size)] = this.#size + 1
    this.#size += 1
  }

  /** Takes in all entries of another. */
  add(other: Digest): void {
    for (const mark of other.marks()) this.set(mark)
  }

  /** Its entries, as `markOf` makes them. */
  *marks(): Iterable<Uint32Array> {
    for (let entry = 0; entry < this.#size; entry++) {
      yield this.#words.subarray(entryWords * entry, entryWords * (entry + 1))
    }
  }

  encode(): Uint8Array {
    const bytes = new Uint8Array(headerBytes + 16 * this.#size)
    const view = new DataView(bytes.buffer)
    bytes.set(new TextEncoder().encode(magic))
    view.setUint32(8, version, true)
    view.setUint32(12, this.#size, true)
    for (let word = 0; word < entryWords * this.#size; word++) {
      view.setUint32(headerBytes + 4 * word, this.#words[word]!, true)
    }
    return bytes
  }

  #entryOf(mark: Uint32Array): number | undefined {
    const mask = this.#places.length - 1
    for (let place = mark[0]! & mask; ; place = (place + 1) & mask) {
      const entry = this.#places[place]! - 1
      if (entry < 0) return undefined
      if (this.#words[entryWords * entry] === mark[0] && this.#words[entryWords * entry + 1] === mark[1]) return entry
    }
  }

  /** The first free place for the entry whose words begin at `at`. */
  #placeOf(at: number): number {
    const mask = this.#places.length - 1
    let place = this.#words[at]! & mask
    while (this.#places[place] !== 0) place = (place + 1) & mask
    return place
  }

  #grow(): void {
    const words = new Uint32Array(2 * this.#words.length + entryWords)
    words.set(this.#words.subarray(0, entryWords * this.#size))
    this.#words = words
    this.#places = new Uint32Array(placesFor(words.length / entryWords))
    for (let entry = 0; entry < this.#size; entry++) this.#places[this.#placeOf(entryWords * entry)] = entry + 1
  }
}

/**
 * An entry of a digest, of a line `["id",value]` whose id ends before `idEnd`: 64 bits to find it by, of multiplications
 * over the id's bytes, and the first 64 bits of SHA-256 over the line.
 */
export function markOf(line: Uint8Array, idEnd: number): Uint32Array {
  let first = idEnd
  let second = 0
  for (let at = 0; at < idEnd; at++) {
    first = Math.imul(first ^ line[at]!, 0x9e3779b1)
    first ^= first >>> 15
    second = Math.imul(second + line[at]!, 0x85ebca6b)
    second ^= second >>> 13
  }
  const sha256 = hash('sha256', line, 'buffer')
  return Uint32Array.of(first, second, sha256.readUInt32LE(0), sha256.readUInt32LE(4))
}

/** A power of two, at least twice as many places as entries. */
function placesFor(entries: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(2, 2 * entries + 2)))
}
