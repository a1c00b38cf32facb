import { AppError } from '../../schemas/errors.ts'
import type { Guard } from '../handle.ts'

/** As the platform's own servers have it: Kestrel's limit of a request's first line. */
const urlLengthMax = 8192

/** Refuses URLs that are too long, and parameters that are given twice: their values would arrive as one, joined by commas. */
export const requestLine: Guard = (_, next) => async request => {
  const { url } = request
  if (url.length > urlLengthMax) {
    throw new AppError('url_too_long', `The URL must have at most ${urlLengthMax} characters: it has ${url.length}`)
  }
  const repeated = repeatedParameter(url)
  if (repeated === undefined) return next(request)
  const field = { code: 'repeated', field: repeated, value: request.query[repeated] ?? null, reason: 'is given twice' }
  throw new AppError('invalid_query', `The query is not valid as ${repeated} is given twice`, [field])
}

function repeatedParameter(url: string): string | undefined {
  const mark = url.indexOf('?')
  if (mark < 0 || !url.includes('&', mark)) return undefined
  const seen = new Set<string>()
  for (const name of new URLSearchParams(url.slice(mark)).keys()) {
    // As the platform has it, names that differ in case only are one.
    const folded = name.toLowerCase()
    if (seen.has(folded)) return name
    seen.add(folded)
  }
  return undefined
}
