import { isObject, type Value } from '../json.ts'
import { murmurHash32, murmurHash128 } from './murmur-hash.ts'

/** How a container spreads its keys: by one value (version 1 or 2 of the hash) or by each value of a hierarchical key. */
export type Hashing = 'v1' | 'v2' | 'multi'

const V1_CHARACTERS = 100
const NUMBER = 0x05
const STRING = 0x08

/**
 * The place of a partition key in the order of partitions, as hexadecimal text. Of a hierarchical key a few first values
 * give the text that the places of all keys beginning with them begin with.
 * Source: Azure/azure-sdk-for-js, sdk/cosmosdb/cosmos/src/utils/hashing, which the SDK sends bulk operations by.
 */
export function effectivePartitionKey(values: readonly Value[], hashing: Hashing): string {
  if (hashing === 'multi') return values.map(value => hashV2(value)).join('')
  return hashing === 'v2' ? hashV2(values[0]) : hashV1(values[0])
}

/** Where the partition after the first `share` of all keys begins: what follows the last place of this share. */
export function boundary(share: number, hashing: Hashing): string {
  if (hashing === 'v1') return encodeNumber(Math.floor(share * 2 ** 32) - 1)
  const places = (BigInt(Math.round(share * 2 ** 52)) << 74n) - 1n
  return places.toString(16).toUpperCase().padStart(32, '0')
}

// The hash is read from its last byte to its first, without its two highest bits.
function hashV2(value: Value): string {
  const bytes = typeof value === 'string' ? stringBytes(value, 0xff) : primitiveBytes(value)
  const [high1, low1, high2, low2] = murmurHash128(bytes)
  return hex(high2 & 0x3fffffff) + hex(low2) + hex(high1) + hex(low1)
}

// The hash comes first, then the value itself in an encoding that keeps its order.
function hashV1(value: Value): string {
  if (typeof value !== 'string') {
    const bytes = primitiveBytes(value)
    const encoded = typeof value === 'number' ? encodeNumber(value) : bytes.toString('hex').toUpperCase()
    return encodeNumber(murmurHash32(bytes)) + encoded
  }
  const bytes = stringBytes(value.slice(0, V1_CHARACTERS), 0)
  const encoded = Buffer.from(bytes)
  for (let at = 1; at < encoded.length - 1; at++) encoded[at] = Math.min((encoded[at] ?? 0) + 1, 0xff)
  return encodeNumber(murmurHash32(bytes)) + encoded.toString('hex').toUpperCase()
}

function stringBytes(value: string, end: number): Buffer {
  const bytes = Buffer.allocUnsafe(Buffer.byteLength(value) + 2)
  bytes[0] = STRING
  bytes.write(value, 1)
  bytes[bytes.length - 1] = end
  return bytes
}

function primitiveBytes(value: Value): Buffer {
  switch (typeof value) {
    case 'number': {
      const bytes = Buffer.allocUnsafe(9)
      bytes[0] = NUMBER
      bytes.writeDoubleLE(value, 1)
      return bytes
    }
    case 'boolean':
      return Buffer.from([value ? 3 : 2])
    default:
      return Buffer.from([value === undefined || isObject(value) ? 0 : 1])
  }
}

const float = new DataView(new ArrayBuffer(8))

// A double as bytes of the same order: its first 8 bits, then 7 bits a byte whose lowest bit says that more follow.
function encodeNumber(value: number): string {
  float.setFloat64(0, value)
  let high = float.getUint32(0)
  let low = float.getUint32(4)
  if (high < 0x80000000) high = (high | 0x80000000) >>> 0
  else {
    low = (~low + 1) >>> 0
    high = (~high + (low === 0 ? 1 : 0)) >>> 0
  }
  let text = `05${byteHex(high >>> 24)}`
  const digits: number[] = []
  for (let shift = 49; shift >= 0; shift -= 7) digits.push(sevenBits(high, low, shift))
  const last = digits.findLastIndex(digit => digit !== 0)
  for (let at = 0; at <= last; at++) text += byteHex(((digits[at] ?? 0) << 1) | (at < last ? 1 : 0))
  return text
}

function sevenBits(high: number, low: number, shift: number): number {
  if (shift >= 32) return (high >>> (shift - 32)) & 0x7f
  if (shift <= 25) return (low >>> shift) & 0x7f
  return ((low >>> shift) | (high << (32 - shift))) & 0x7f
}

function byteHex(byte: number): string {
  return byte.toString(16).padStart(2, '0').toUpperCase()
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0').toUpperCase()
}
