const pattern = /^(?:(\d+)\.)?(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,7}))?$/

/** True when the text has the shape [d.]hh:mm:ss[.fff], whether or not its fields are in range. */
export function isTimeSpan(text: string): boolean {
  return pattern.test(text.trim())
}

/**
 * Milliseconds of a .NET TimeSpan text [d.]hh:mm:ss[.fff].
 * @throws RangeError when it is none, and for 24 hours or more without a day part: .NET reads "24:00:00" as 24 days
 */
export function timeSpanMs(text: string, name: string): number {
  const match = pattern.exec(text.trim())
  if (match === null) throw new RangeError(`${name} must be a time span [d.]hh:mm:ss: current value is "${text}"`)
  const [, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = '0'] = match
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) {
    throw new RangeError(
      `${name} must have hours up to 23, minutes and seconds up to 59; days are written 1.00:00:00: current value is "${text}"`,
    )
  }
  const wholeSeconds = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)
  return wholeSeconds * 1000 + Math.round(Number(`0.${fraction}`) * 1000)
}
