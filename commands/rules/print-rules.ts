import { type AssociationRule, convictionOf, leverageOf } from '../../shared/algorithms/association-rules.ts'

/** What was found, with the names of the items. */
export interface NamedRules {
  baskets: number
  items: number
  itemsets: number
  /** Of all rules, strongest first, those to be printed. */
  rules: readonly AssociationRule[]
  allRules: number
  names: readonly string[]
}

/** One JSON object, with a rule a line; conviction is null of a rule that never fails. */
export function* rulesAsJson({ baskets, items, itemsets, rules, names }: NamedRules): Iterable<string> {
  yield `{"baskets":${baskets},"items":${items},"itemsets":${itemsets},"rules":[`
  for (const [place, { lhs, rhs, support, confidence, lift, count }] of rules.entries()) {
    const conviction = convictionOf({ confidence, lift })
    const rule = {
      ...{ lhs: lhs.map(item => names[item]), rhs: [names[rhs]], support, confidence, lift },
      leverage: leverageOf({ support, lift }),
      ...{ conviction: Number.isFinite(conviction) ? conviction : null, count },
    }
    yield `${JSON.stringify(rule)}${place + 1 < rules.length ? ',' : ''}`
  }
  yield ']}'
}

/** A line a rule, and what there was in all. */
export function* rulesAsTable(found: NamedRules): Iterable<string> {
  const { baskets, items, itemsets, rules, allRules, names } = found
  const head = ['count', 'support', 'confid.', 'lift', 'leverage', 'convict.', 'rule']
  const rows = rules.map(rule => [
    ...[String(rule.count), rule.support.toFixed(5), rule.confidence.toFixed(4), rule.lift.toFixed(3)],
    ...[leverageOf(rule).toFixed(5), Number.isFinite(convictionOf(rule)) ? convictionOf(rule).toFixed(3) : '∞'],
    `{${rule.lhs.map(item => names[item]).join(', ')}} => ${names[rule.rhs]}`,
  ])
  const widths = head.map((name, column) =>
    rows.reduce((most, row) => Math.max(most, row[column]?.length ?? 0), name.length),
  )
  for (const row of [head, ...rows]) {
    yield row.map((cell, column) => (column + 1 < row.length ? cell.padStart(widths[column] ?? 0) : cell)).join('  ')
  }
  const told = rules.length < allRules ? `, the first ${rules.length.toLocaleString('en')} above` : ''
  yield `${allRules.toLocaleString('en')} rules of ${itemsets.toLocaleString('en')} itemsets${told}: ${baskets.toLocaleString('en')} baskets, ${items.toLocaleString('en')} items`
}
