import { tokensContract } from '../../../tests/tokens-contract.ts'
import { memoryTokens } from './tokens.ts'

tokensContract('memory', () => {
  const at = { now: 0 }
  const advance = (ms: number) => {
    at.now += ms
  }
  return { tokens: memoryTokens(() => at.now), advance }
})
