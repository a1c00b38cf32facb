/** Seconds since 1970 stay below this until the year 5138; milliseconds are above it since 1973. */
const secondsMax = 1e11

/** Milliseconds since 1970 from ISO 8601 or a number of seconds or milliseconds; undefined when it is neither. */
export function parseTimestampMs(text: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) {
    const number = Number(text)
    return number < secondsMax ? number * 1000 : number
  }
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return undefined
  // A time without an offset is UTC, wherever this runs.
  const hasOffset = /(Z|[+-]\d{2}:?\d{2})$/i.test(text.slice(10))
  const at = Date.parse(text.length > 10 && !hasOffset ? `${text.replace(' ', 'T')}Z` : text)
  return Number.isNaN(at) ? undefined : at
}
