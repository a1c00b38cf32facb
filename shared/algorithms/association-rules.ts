import { countTogether } from './count-together.ts'
import { type Csr, transpose } from './csr.ts'

/** "Who buys the antecedent buys the consequent", over pairs of items. */
export interface PairRule {
  antecedent: number
  consequent: number
  /** the share of all baskets that hold both */
  support: number
  /** the share of the antecedent's baskets that also hold the consequent */
  confidence: number
  /** confidence over the consequent's own share: above 1 when they attract each other */
  lift: number
  /** baskets that hold both */
  count: number
}

/**
 * All rules with one item on each side that reach the thresholds, by confidence, then lift, both falling, then by
 * antecedent and consequent. No baskets give no rules; every row is a basket, also an empty one.
 * Source: Agrawal, Imieliński, Swami, SIGMOD 1993 (support, confidence); Brin et al., SIGMOD 1997 (lift, there "interest").
 * @param baskets shape (baskets, items); every entry counts once, whatever its value
 * @param options minSupport and minConfidence are shares from 0 to 1, reached when equal; minLift is 0, maxRules and
 *   rulesPerAntecedent, of which the strongest are kept, are without bound unless given
 * @throws RangeError when an option is out of range
 */
export function pairRules(
  baskets: Csr,
  options: {
    minSupport: number
    minConfidence: number
    minLift?: number
    maxRules?: number
    rulesPerAntecedent?: number
  },
): PairRule[] {
  const { minSupport, minConfidence, minLift = 0, maxRules = Infinity, rulesPerAntecedent = Infinity } = options
  checkOptions({ minSupport, minConfidence }, { minLift, maxRules, rulesPerAntecedent })
  const itemBaskets = transpose(baskets)
  const itemCount = Uint32Array.from(
    { length: baskets.columns },
    (_, item) => itemBaskets.indptr[item + 1]! - itemBaskets.indptr[item]!,
  )
  const together = new Uint32Array(baskets.columns)
  const met = new Uint32Array(baskets.columns + 1)
  const rules: PairRule[] = []
  for (let antecedent = 0; antecedent < baskets.columns; antecedent++) {
    const antecedentCount = itemCount[antecedent]!
    // No pair is in more baskets than its antecedent.
    if (antecedentCount === 0 || antecedentCount / baskets.rows < minSupport) continue
    const metCount = countTogether({ baskets, itemBaskets, item: antecedent, together, met })
    const own: PairRule[] = []
    for (let place = 0; place < metCount; place++) {
      const consequent = met[place]!
      const count = together[consequent]!
      together[consequent] = 0
      const support = count / baskets.rows
      const confidence = count / antecedentCount
      if (consequent === antecedent || support < minSupport || confidence < minConfidence) continue
      const lift = (count * baskets.rows) / (antecedentCount * itemCount[consequent]!)
      if (lift >= minLift) own.push({ antecedent, consequent, support, confidence, lift, count })
    }
    if (own.length > rulesPerAntecedent) own.sort(byStrength).length = rulesPerAntecedent
    for (const rule of own) rules.push(rule)
  }
  return rules.sort(byStrength).slice(0, maxRules)
}

function byStrength(a: PairRule, b: PairRule): number {
  return b.confidence - a.confidence || b.lift - a.lift || a.antecedent - b.antecedent || a.consequent - b.consequent
}

function checkOptions(shares: Record<string, number>, bounds: Record<string, number>): void {
  for (const [name, share] of Object.entries(shares)) {
    if (share >= 0 && share <= 1) continue
    throw new RangeError(`Cannot find rules as ${name} must be a share from 0 to 1: current value is ${share}`)
  }
  for (const [name, bound] of Object.entries(bounds)) {
    if (bound >= 0) continue
    throw new RangeError(`Cannot find rules as ${name} must be a number ≥ 0: current value is ${bound}`)
  }
}
