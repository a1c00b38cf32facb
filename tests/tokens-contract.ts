import { describe, expect, test } from 'vitest'
import type { Tokens } from '../shared/ports.ts'

interface Opened {
  tokens: Tokens
  advance(ms: number): void
}

/** What every adapter of the Tokens port holds. */
export function tokensContract(adapter: string, open: () => Opened): void {
  describe(`tokens by ${adapter}`, () => {
    test('a shopper’s token says who the shopper is, as often as it is asked', async () => {
      const { tokens } = open()
      const token = await tokens.signShopper({ userId: 'anna', sessionId: 's1' }, 600)
      for (let time = 0; time < 2; time++) {
        expect(await tokens.verify(token)).toEqual({ kind: 'shopper', userId: 'anna', sessionId: 's1' })
      }
    })

    test('a token that has ended is refused, also one that was good a moment ago', async () => {
      const { tokens, advance } = open()
      const token = await tokens.signShopper({ userId: 'anna' }, 600)
      await tokens.verify(token)
      advance(600_000 + 60_000)
      await expect(tokens.verify(token)).rejects.toMatchObject({ code: 'unauthenticated' })
    })

    test('what is no token is refused', async () => {
      await expect(open().tokens.verify('sesame')).rejects.toMatchObject({ code: 'unauthenticated' })
    })
  })
}
