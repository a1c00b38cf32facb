import type { Clock, Tokens } from '../../ports.ts'
import { AppError } from '../../schemas/errors.ts'
import type { Identity } from '../../schemas/identity.ts'

export interface MemoryTokens extends Tokens {
  /** A token as an issuer would give it. */
  sign(identity: Identity, seconds: number): string
}

/** Tokens that are known because they were given here. */
export function memoryTokens(clock: Clock): MemoryTokens {
  const given = new Map<string, { identity: Identity; untilMs: number }>()
  const sign = (identity: Identity, seconds: number): string => {
    const token = `token-${given.size + 1}`
    given.set(token, { identity, untilMs: clock() + seconds * 1000 })
    return token
  }
  return {
    sign,
    verify: async token => {
      const found = given.get(token)
      if (found && clock() < found.untilMs) return found.identity
      throw new AppError('unauthenticated', 'The token is not valid: it may have ended, or be of another issuer')
    },
    signShopper: async (shopper, seconds) => sign({ kind: 'shopper', ...shopper }, seconds),
  }
}
