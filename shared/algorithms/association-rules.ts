import { type Itemsets, itemsetIndex } from './itemsets.ts'

/** "Who buys the left side buys the right side, too." */
export interface AssociationRule {
  /** items of the left side, ascending; none in a rule of length 1 */
  lhs: number[]
  /** the one item of the right side */
  rhs: number
  /** baskets that hold both sides */
  count: number
  /** the share of all baskets that hold both sides */
  support: number
  /** the share of the left side's baskets that also hold the right side */
  confidence: number
  /** confidence over the right side's own share: above 1 when they attract each other */
  lift: number
}

/** What a rule must reach. */
export interface RuleThresholds {
  /** shares from 0 to 1, reached when equal */
  minConfidence: number
  /** 0 unless given */
  minLift?: number
  /** items of both sides together, 2 unless given; 1 gives rules without a left side, too */
  minLength?: number
}

/** A rule as a place in the tree of itemsets, all by rank; valid until the next one is told. */
export interface FoundRule {
  /** the set of both sides, and which of its items, counted from the least frequent, is the right side */
  set: number
  place: number
  /** falling */
  lhs: readonly number[]
  rhs: number
  count: number
  /** baskets that hold the left side */
  lhsCount: number
  confidence: number
  lift: number
}

/**
 * All rules with one item on the right side that reach the thresholds, by confidence, then lift, both falling, then shorter
 * rules first and then by items. The sets must be those of all groups and have the length 2 or more; a rule's support is at
 * least what they were searched with.
 * Source: Agrawal, Srikant, VLDB 1994; lift: Brin et al., SIGMOD 1997, there "interest".
 * @throws RangeError when a threshold is out of range, or more than maxRules reach them
 */
export function associationRules(
  itemsets: Itemsets,
  { maxRules = Infinity, ...thresholds }: RuleThresholds & { maxRules?: number },
): AssociationRule[] {
  const rules: AssociationRule[] = []
  visitRules(itemsets, thresholds, found => {
    if (rules.length >= maxRules) {
      throw new RangeError(`Cannot find rules as more than ${maxRules} reach the thresholds: raise the confidence`)
    }
    rules.push(ruleOf(found, itemsets))
  })
  return rules.sort(byStrength)
}

/** The rule with its items as the baskets number them. */
export function ruleOf(found: FoundRule, { items, baskets }: Pick<Itemsets, 'items' | 'baskets'>): AssociationRule {
  const { lhs, rhs, count, confidence, lift } = found
  return {
    ...{ lhs: lhs.map(rank => items[rank]!).sort((a, b) => a - b), rhs: items[rhs]!, count },
    ...{ support: count / baskets, confidence, lift },
  }
}

/** Tells every rule that reaches the thresholds, in no order of use. */
export function visitRules(
  itemsets: Itemsets,
  { minConfidence, minLift = 0, minLength = 2 }: RuleThresholds,
  visit: (rule: FoundRule) => void,
): void {
  checkThresholds({ minConfidence, minLift, minLength })
  const { baskets, counts, parents } = itemsets
  const { childOf } = itemsetIndex(itemsets)
  const ranks: number[] = []
  const sets: number[] = []
  for (let set = 0; set < parents.length; set++) {
    pathTo(set, itemsets, { ranks, sets })
    if (ranks.length < minLength) continue
    const count = counts[set]!
    for (const [place, rhs] of ranks.entries()) {
      // The left side: the set before the right side's item, and what comes after it.
      let lhsSet = place === 0 ? (ranks[1] ?? -1) : sets[place - 1]!
      for (let after = place === 0 ? 2 : place + 1; after < ranks.length; after++) {
        lhsSet = childOf(lhsSet, ranks[after]!)
      }
      const lhsCount = lhsSet === -1 ? baskets : counts[lhsSet]!
      const confidence = count / lhsCount
      const lift = (count * baskets) / (lhsCount * counts[rhs]!)
      if (confidence < minConfidence || lift < minLift) continue
      const lhs = ranks.filter(rank => rank !== rhs)
      visit({ set, place, lhs, rhs, count, lhsCount, confidence, lift })
    }
  }
}

/** How much more often than if they were independent both sides stand together, as a share of all baskets: support - support / lift. */
export function leverageOf({ support, lift }: Pick<AssociationRule, 'support' | 'lift'>): number {
  return support - support / lift
}

/**
 * How much more often the rule would fail if its sides were independent: (1 - confidence / lift) / (1 - confidence).
 * Infinity for a rule that never fails. Source: Brin, Motwani, Ullman, Tsur, SIGMOD 1997.
 */
export function convictionOf({ confidence, lift }: Pick<AssociationRule, 'confidence' | 'lift'>): number {
  return confidence >= 1 ? Infinity : (1 - confidence / lift) / (1 - confidence)
}

/** Strongest first: by confidence, then lift, then what says the same with less. */
export function byStrength(a: AssociationRule, b: AssociationRule): number {
  return (
    b.confidence - a.confidence ||
    b.lift - a.lift ||
    a.lhs.length - b.lhs.length ||
    a.lhs.reduce((order, item, place) => order || item - b.lhs[place]!, 0) ||
    a.rhs - b.rhs
  )
}

/** A set's items from the least frequent on, and the sets that they make up, one after the other. */
function pathTo(
  set: number,
  { parents, lasts }: Pick<Itemsets, 'parents' | 'lasts'>,
  into: { ranks: number[]; sets: number[] },
): void {
  let length = 0
  for (let at = set; at !== -1; at = parents[at]!) length += 1
  into.ranks.length = length
  into.sets.length = length
  for (let at = set; at !== -1; at = parents[at]!) {
    length -= 1
    into.ranks[length] = lasts[at]!
    into.sets[length] = at
  }
}

function checkThresholds({ minConfidence, minLift, minLength }: Required<RuleThresholds>): void {
  if (!(minConfidence >= 0 && minConfidence <= 1)) {
    throw new RangeError(
      `Cannot find rules as minConfidence must be a share from 0 to 1: current value is ${minConfidence}`,
    )
  }
  if (!(minLift >= 0)) {
    throw new RangeError(`Cannot find rules as minLift must be a number ≥ 0: current value is ${minLift}`)
  }
  if (!Number.isInteger(minLength) || minLength < 1) {
    throw new RangeError(`Cannot find rules as minLength must be an integer ≥ 1: current value is ${minLength}`)
  }
}
