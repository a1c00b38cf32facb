import { encodeSymbol, valueEnd } from './amqp-values.ts'

export const section = {
  header: 0x70,
  deliveryAnnotations: 0x71,
  messageAnnotations: 0x72,
  data: 0x75,
} as const

export interface Section {
  code: number
  start: number
  /** Position of the section's value, behind its descriptor. */
  valueAt: number
  end: number
}

/** @throws RangeError when the bytes are not the sections of an AMQP message. */
export function sectionsOf(bytes: Buffer): Section[] {
  const sections: Section[] = []
  for (let start = 0; start < bytes.length; ) {
    if (bytes[start] !== 0x00) throw new RangeError(`Byte ${start} does not begin a message section`)
    const valueAt = valueEnd(bytes, start + 1)
    const end = valueEnd(bytes, valueAt)
    sections.push({ code: descriptor(bytes, start + 1), start, valueAt, end })
    start = end
  }
  return sections
}

/** An annotations section of map entries that are encoded already. */
export function annotationsSection(code: number, entries: Buffer[]): Buffer {
  const head = Buffer.from([0x00, 0x53, code, 0xd1, 0, 0, 0, 0, 0, 0, 0, 0])
  const size = entries.reduce((sum, entry) => sum + entry.length, 0)
  head.writeUInt32BE(size + 4, 4)
  head.writeUInt32BE(entries.length * 2, 8)
  return Buffer.concat([head, ...entries], head.length + size)
}

/** Turns a key into a function from an encoded value to an encoded map entry. */
export function entryOf(key: string): (value: Buffer) => Buffer {
  const symbol = encodeSymbol(key)
  return value => Buffer.concat([symbol, value], symbol.length + value.length)
}

function descriptor(bytes: Buffer, at: number): number {
  if (bytes[at] === 0x53) return bytes[at + 1] ?? 0
  if (bytes[at] === 0x80) return Number(bytes.readBigUInt64BE(at + 1))
  throw new RangeError(`A message section at byte ${at - 1} is not described by a ulong`)
}
