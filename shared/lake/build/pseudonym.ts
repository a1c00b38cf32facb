import { createHmac, hash } from 'node:crypto'

const blockBytes = 64
const pseudonymDigits = 32

/** What the macro `hmac_key` of the same key gives for a text. */
export function pseudonymOf(text: string, key: string): string {
  return createHmac('sha256', key).update(text).digest('hex').slice(0, pseudonymDigits)
}

/**
 * Statements that make the macro `hmac_key(text)` in a session: the first 32 hexadecimal digits of HMAC-SHA256 of the text
 * in UTF-8, null for null. The same key gives the same pseudonyms, and without it nobody can try out texts.
 * Source: RFC 2104, section 2; the vectors of RFC 4231 hold.
 * @param key of any length: a longer one than 64 bytes is hashed, as the RFC has it
 */
export function pseudonymMacros(key: string | Uint8Array): string {
  const bytes = Buffer.from(key)
  const short = bytes.length > blockBytes ? hash('sha256', bytes, 'buffer') : bytes
  const padded = (pad: number) => {
    const block = Buffer.alloc(blockBytes, pad)
    for (const [at, byte] of short.entries()) block[at] = byte ^ pad
    return `unhex('${block.toString('hex')}')`
  }
  const inner = `unhex(sha256(${padded(0x36)} || encode(text)))`
  return `create or replace temp macro hmac_key(text) as left(sha256(${padded(0x5c)} || ${inner}), ${pseudonymDigits});`
}
