import { AppError, type FieldError } from '../schemas/errors.ts'
import { depthMax, unsoundPart } from '../schemas/sound-json.ts'

/** More than any body of the API needs, and far less than what makes a parser slow or large. */
const valuesMax = 100_000

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * What a body's bytes say in JSON; an empty body is an empty object, as a POST that needs nothing may send nothing. Depth
 * and number of values are counted over the bytes, before anything is made of them. Of a repeated name the last one counts.
 * @throws AppError `invalid_body`: not JSON, not UTF-8, too deep, too many values, reserved names, broken characters
 */
export function parsedJson(bytes: Uint8Array): unknown {
  checkSize(bytes)
  const text = decoded(bytes)
  if (text.trim() === '') return {}
  const value = parsed(text)
  const found = unsoundPart(value)
  if (found) throw invalid(found)
  return value
}

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c]
const [openBracket, closeBracket, openBrace, closeBrace] = [0x5b, 0x5d, 0x7b, 0x7d]

/** One pass over the bytes, which need not be JSON; in UTF-8 none of the bytes looked for is part of another character. */
function checkSize(bytes: Uint8Array): void {
  let depth = 0
  let values = 1
  let isText = false
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (isText) {
      if (byte === backslash) at += 1
      else if (byte === quote) isText = false
    } else if (byte === quote) isText = true
    else if (byte === comma) values += 1
    else if (byte === openBracket || byte === openBrace) {
      depth += 1
      values += 1
    } else if (byte === closeBracket || byte === closeBrace) depth -= 1
    if (depth > depthMax) throw tooMuch('too_deep', `must be at most ${depthMax} levels deep`, at)
    if (values > valuesMax) throw tooMuch('too_many', `must hold at most ${valuesMax} values`, at)
  }
}

function decoded(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    throw invalid({ code: 'not_utf8', field: '(body)', value: null, reason: 'must be text in UTF-8' })
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    const found = { code: 'not_json', field: '(body)', value: text.slice(0, 200), reason }
    throw new AppError('invalid_body', `The body must be JSON: ${reason}`, [found])
  }
}

const tooMuch = (code: string, reason: string, at: number): AppError =>
  invalid({ code, field: '(body)', value: null, reason: `${reason}, and has more at byte ${at}` })

const invalid = ({ code, field, value, reason }: FieldError): AppError =>
  new AppError('invalid_body', `The body is not valid as ${field} ${reason}`, [{ code, field, value, reason }])
