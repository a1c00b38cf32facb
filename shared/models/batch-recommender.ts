import type { Factors } from '../algorithms/als.ts'
import { batchScores } from '../algorithms/batch-scores.ts'
import { Workspace } from '../algorithms/kernels/workspace.ts'
import type { Recommender } from './recommender.ts'

/** How a recommender scores by factors, many users together. */
export function batchRecommender(
  factors: Factors,
  threads: number,
): Required<Pick<Recommender, 'scoreItems' | 'batch' | 'close'>> {
  const workspace = new Workspace({ threads })
  const { batchUsers, prepare, scoreItems } = batchScores(workspace, factors)
  return { scoreItems, batch: { users: batchUsers, prepare }, close: () => workspace.close() }
}
