/** A header, a pointer and a number's place, as V8 has them on 64 bits with pointers of 4 bytes. */
const objectBytes = 24
const slotBytes = 8
const textBytes = 16

/** About how much memory a value of JSON takes: texts by one byte a character, as most are Latin. */
export function bytesOf(value: unknown): number {
  if (typeof value === 'string') return textBytes + value.length
  if (typeof value !== 'object' || value === null) return slotBytes
  let bytes = objectBytes
  if (Array.isArray(value)) for (const each of value) bytes += slotBytes + bytesOf(each)
  else for (const each of Object.values(value)) bytes += slotBytes + bytesOf(each)
  return bytes
}
