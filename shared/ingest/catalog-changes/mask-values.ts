import { pseudonymOf } from '../../lake/build/pseudonym.ts'

// The same masks as the SQL macros of mask-macros.ts make of files (I16); a test holds the two together.

const localPartShown = 2
const digitsShown = 2
/** Of a shorter number the last digits would tell too much. */
const phoneDigitsMin = 5
/** Blanks as RE2 knows them. */
const emailInText = /[^\t\n\f\r @"\\<>,;:()]+@[^\t\n\f\r @"\\<>,;:()]+\.[^\t\n\f\r @"\\<>,;:().]+/g
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** `ab***@domain.com` in lower case, never the whole local part; `***` for what is no e-mail. */
export function maskEmail(text: string): string {
  const email = cleanEmail(text)
  const at = email.lastIndexOf('@')
  if (at < 0) return '***'
  const part = email.slice(0, at)
  const letters = [...part]
  const shown = letters.slice(0, Math.max(0, Math.min(localPartShown, letters.length - 1))).join('')
  return `${part.endsWith('***') ? part : `${shown}***`}${email.slice(at)}`
}

/** HMAC-SHA256 of the e-mail in lower case without blanks around it, 32 hexadecimal digits. */
export function emailKey(text: string, key: string): string {
  return pseudonymOf(cleanEmail(text), key)
}

/** `***` and the last two digits; `***` for fewer than five digits. */
export function maskPhone(text: string): string {
  if (text.startsWith('***')) return text
  const digits = text.replace(/[^0-9]/g, '')
  return digits.length >= phoneDigitsMin ? `***${digits.slice(-digitsShown)}` : '***'
}

/** The first letter of each name: `A. M.` */
export function maskName(text: string): string {
  const words = text.split(/[\t\n\f\r .-]+/).filter(Boolean)
  return words.map(word => `${firstGrapheme(word).toUpperCase()}.`).join(' ')
}

/** Free text in which e-mails are `***`. */
export function maskText(text: string): string {
  return text.replace(emailInText, '***')
}

const cleanEmail = (text: string) => text.replace(/^ +| +$/g, '').toLowerCase()

function firstGrapheme(word: string): string {
  for (const { segment } of graphemes.segment(word)) return segment
  return ''
}
