const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const months = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
]
const tokens = /'([^']*)'|"([^"]*)"|\\(.)|(y+|M+|d+|H+|h+|m+|s+|f{1,7}|t{1,2}|z{1,3}|K)|([\s\S])/g

/**
 * A date as .NET writes it under a custom format string, in UTC and the invariant culture; without a format as binding
 * expressions do: 2018-02-16T17-59-55Z. Source: learn.microsoft.com/dotnet/standard/base-types/custom-date-and-time-format-strings
 * @throws Error for a format of one letter, which would be one of .NET's standard formats
 */
export function dotNetDate(date: Date, format = 'yyyy-MM-ddTHH-mm-ssK'): string {
  if (/^[a-z]$/i.test(format)) {
    throw new Error(`Format of a date must be a custom format string of .NET: current value is "${format}"`)
  }
  return format.replace(tokens, (_, single?: string, double?: string, escaped?: string, token?: string, other = '') =>
    token === undefined ? (single ?? double ?? escaped ?? other) : field(date, token),
  )
}

function field(date: Date, token: string): string {
  const pad = (value: number) => String(value).padStart(Math.min(token.length, 2), '0')
  const hours12 = date.getUTCHours() % 12 || 12
  const half = date.getUTCHours() < 12 ? 'AM' : 'PM'
  switch (token[0]) {
    case 'y': {
      const year = date.getUTCFullYear()
      return token.length <= 2 ? pad(year % 100) : String(year).padStart(token.length, '0')
    }
    case 'M':
      return token.length < 3 ? pad(date.getUTCMonth() + 1) : named(months[date.getUTCMonth()], token)
    case 'd':
      return token.length < 3 ? pad(date.getUTCDate()) : named(days[date.getUTCDay()], token)
    case 'H':
      return pad(date.getUTCHours())
    case 'h':
      return pad(hours12)
    case 'm':
      return pad(date.getUTCMinutes())
    case 's':
      return pad(date.getUTCSeconds())
    case 'f':
      return `${String(date.getUTCMilliseconds()).padStart(3, '0')}0000`.slice(0, token.length)
    case 't':
      return half.slice(0, token.length)
    case 'z':
      return ['+0', '+00', '+00:00'][token.length - 1] ?? ''
    default:
      return 'Z'
  }
}

function named(name = '', token: string): string {
  return token.length === 3 ? name.slice(0, 3) : name
}
