import type { JudgedSources } from '../../shared/models/hybrid/judge-sources.ts'
import { mean, standardError } from '../../shared/models/hybrid/weigh-sources.ts'
import type { Algorithm, SourceWeights } from '../../shared/models/recommender.ts'
import type { UserFigures } from '../../shared/models/user-figures.ts'
import type { SetDescription } from './sets.ts'

const metrics = ['recall@10', 'recall@20', 'ndcg@10', 'ndcg@20'] as const
/** What is judged beside the sources that are blended: parts of them, or what no request would serve. */
const notSources: readonly Algorithm[] = ['sidecart', 'als', 'item-linear']

/** The set's section of docs/quality.md. */
export function setReport(
  { name, protocol }: SetDescription,
  { judged, weights, items }: { judged: JudgedSources; weights: SourceWeights; items: number },
): string {
  const { users, figures, isColdUser, pairs } = judged
  const coldUsers = isColdUser.filter(isCold => isCold).length
  const hybrid = figures.get('sidecart')
  if (!hybrid) throw new RangeError('Cannot report as sidecart must be judged')
  const rows = [...figures].map(([algorithm, of]) => rowOf(algorithm, of, { hybrid, judged, coldUsers }))
  return [
    `### ${name}`,
    '',
    `${protocol} ${count(users.length)} judged, ${count(items)} items.`,
    `${count(coldUsers)} (${percent(coldUsers, users.length)}) have at most two interactions to tell taste by; of ${count(pairs.all)} pairs to be found,`,
    `${percent(pairs.cold, pairs.all)} are of items with at most two, ${percent(pairs.unknown, pairs.all)} of items with none.`,
    '',
    '| | recall@10 | recall@20 | NDCG@10 | NDCG@20 | sidecart beyond it, NDCG@20 | cold users, NDCG@20 | cold items found in 20 |',
    '|---|---|---|---|---|---|---|---|',
    ...rows,
    '',
    `Weights: ${weights.map(([source, weight]) => `${source} ${shortened(weight)}`).join(', ')}. ${verdict(figures, hybrid)}`,
  ].join('\n')
}

function rowOf(
  algorithm: Algorithm,
  figures: UserFigures,
  { hybrid, judged, coldUsers }: { hybrid: UserFigures; judged: JudgedSources; coldUsers: number },
): string {
  const cells = metrics.map(metric => shortened(mean(figures[metric])))
  const difference = differenceOf(hybrid, figures)
  const beyond = algorithm === 'sidecart' ? '' : `${signed(difference.mean)} ± ${shortened(difference.error)}`
  const cold = coldUsers === 0 ? '' : shortened(mean(figures['ndcg@20'].filter((_, user) => judged.isColdUser[user]!)))
  const hits = figures.coldHits.reduce((sum, found) => sum + found, 0)
  const coldItems = judged.pairs.cold === 0 ? '' : shortened(hits / judged.pairs.cold)
  const name = algorithm === 'sidecart' ? '**sidecart**' : algorithm
  return `| ${[name, ...cells, beyond, cold, coldItems].join(' | ')} |`
}

/** Level is what differs by no more than two standard errors of the difference over the users. */
function verdict(figures: JudgedSources['figures'], hybrid: UserFigures): string {
  const alone = [...figures].filter(([algorithm]) => algorithm !== 'sidecart')
  const compared = alone.map(([algorithm, of]) => ({ algorithm, ...differenceOf(hybrid, of) }))
  const [nearest] = compared.sort((a, b) => a.mean - b.mean)
  if (!nearest) return ''
  const kind = notSources.includes(nearest.algorithm) ? 'model' : 'source'
  const isLevel = Math.abs(nearest.mean) <= 2 * nearest.error
  const how = isLevel ? 'is level with' : nearest.mean > 0 ? 'is better than' : 'is behind'
  return `sidecart ${how} the best ${kind} alone, ${nearest.algorithm} (${signed(nearest.mean)} ± ${shortened(nearest.error)}).`
}

function differenceOf(hybrid: UserFigures, other: UserFigures): { mean: number; error: number } {
  const differences = hybrid['ndcg@20'].map((ndcg, user) => ndcg - other['ndcg@20'][user]!)
  return { mean: mean(differences), error: standardError(differences) }
}

function shortened(value: number): string {
  return value.toFixed(4).replace(/^0/, '')
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${shortened(Math.abs(value))}`
}

function count(value: number): string {
  return value.toLocaleString('en')
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`
}
