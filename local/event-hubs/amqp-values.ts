/**
 * AMQP 1.0 values as bytes: enough to cut a message into its sections and to write annotations, so that what a
 * producer sent is kept byte for byte instead of passing through JavaScript's types (an int must not come back a uint).
 * Source: OASIS AMQP 1.0, part 1 section 1.2 (encodings) and part 3 section 3.2 (message sections).
 */

/** @throws RangeError when the value runs past the end of the bytes. */
export function valueEnd(bytes: Buffer, at: number): number {
  const code = byteAt(bytes, at)
  if (code === 0x00) return valueEnd(bytes, valueEnd(bytes, at + 1))
  const end = at + 1 + widthOf(bytes, code, at + 1)
  if (end > bytes.length) throw new RangeError(`An AMQP value at byte ${at} ends at ${end}, past ${bytes.length} bytes`)
  return end
}

export interface MapEntry {
  key: string
  /** Position of the entry's value. */
  valueAt: number
  /** The entry as written, key and value. */
  raw: Buffer
}

/** Entries of a map whose keys are symbols or strings. */
export function mapEntries(bytes: Buffer, at: number): MapEntry[] {
  const code = byteAt(bytes, at)
  if (code !== 0xc1 && code !== 0xd1) throw new RangeError(`An AMQP map was expected at byte ${at}: type is ${code}`)
  const end = valueEnd(bytes, at)
  const entries: MapEntry[] = []
  let next = at + (code === 0xc1 ? 3 : 9)
  while (next < end) {
    const valueAt = valueEnd(bytes, next)
    const after = valueEnd(bytes, valueAt)
    entries.push({ key: text(bytes, next) ?? '', valueAt, raw: bytes.subarray(next, after) })
    next = after
  }
  return entries
}

/** The text of a string or symbol; undefined when the value is of another type. */
export function text(bytes: Buffer, at: number): string | undefined {
  const content = variableContent(bytes, at, [0xa1, 0xa3], [0xb1, 0xb3])
  return content?.toString('utf8')
}

/** The content of a binary value; undefined when the value is of another type. */
export function binary(bytes: Buffer, at: number): Buffer | undefined {
  return variableContent(bytes, at, [0xa0], [0xb0])
}

/** The number of a signed short, int or long; undefined when the value is of another type. */
export function integer(bytes: Buffer, at: number): number | undefined {
  switch (byteAt(bytes, at)) {
    case 0x61:
      return bytes.readInt16BE(at + 1)
    case 0x54:
    case 0x55:
      return bytes.readInt8(at + 1)
    case 0x71:
      return bytes.readInt32BE(at + 1)
    case 0x81:
      return Number(bytes.readBigInt64BE(at + 1))
    default:
      return undefined
  }
}

export function encodeSymbol(value: string): Buffer {
  return Buffer.concat([Buffer.from([0xa3, value.length]), Buffer.from(value, 'ascii')])
}

export function encodeString(value: string): Buffer {
  const content = Buffer.from(value, 'utf8')
  if (content.length <= 0xff) return Buffer.concat([Buffer.from([0xa1, content.length]), content])
  const head = Buffer.alloc(5, 0xb1)
  head.writeUInt32BE(content.length, 1)
  return Buffer.concat([head, content])
}

export function encodeLong(value: number): Buffer {
  const bytes = Buffer.alloc(9, 0x81)
  bytes.writeBigInt64BE(BigInt(value), 1)
  return bytes
}

export function encodeTimestamp(ms: number): Buffer {
  const bytes = encodeLong(ms)
  bytes[0] = 0x83
  return bytes
}

function byteAt(bytes: Buffer, at: number): number {
  const byte = bytes[at]
  if (byte === undefined) throw new RangeError(`An AMQP value was expected at byte ${at} of ${bytes.length}`)
  return byte
}

/** Bytes after the type code, by the code's upper half as the specification lays the types out. */
function widthOf(bytes: Buffer, code: number, at: number): number {
  const group = code >> 4
  if (group === 0x4) return 0
  if (group >= 0x5 && group <= 0x9) return 1 << (group - 5)
  if (group >= 0xa) return group % 2 === 0 ? 1 + byteAt(bytes, at) : 4 + uint32At(bytes, at)
  throw new RangeError(`Unknown AMQP type code ${code} before byte ${at}`)
}

function uint32At(bytes: Buffer, at: number): number {
  if (at + 4 > bytes.length) throw new RangeError(`An AMQP length at byte ${at} runs past ${bytes.length} bytes`)
  return bytes.readUInt32BE(at)
}

function variableContent(bytes: Buffer, at: number, short: number[], long: number[]): Buffer | undefined {
  const code = byteAt(bytes, at)
  if (short.includes(code)) return bytes.subarray(at + 2, valueEnd(bytes, at))
  if (long.includes(code)) return bytes.subarray(at + 5, valueEnd(bytes, at))
  return undefined
}
