/** A text that is no expression: where, counted from 1, what was expected there and what stands there. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError'
  readonly at: number

  constructor({ expected, found, at, text }: { expected: string; found: string; at: number; text: string }) {
    const there = found === '' ? 'it ends there' : `found ${found.length > 40 ? `${found.slice(0, 40)}…` : found}`
    super(`expected ${expected} at character ${at} of ${JSON.stringify(text)}: ${there}`)
    this.at = at
  }
}
