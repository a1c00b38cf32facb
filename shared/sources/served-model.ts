import type { RowParameters } from '../algorithms/als-parameters.ts'
import type { contentScores } from '../algorithms/content-scores.ts'
import type { Csr } from '../algorithms/csr.ts'
import type { Repurchase } from '../algorithms/repurchase.ts'
import type { Segments } from '../algorithms/segments.ts'
import type { userNeighbours } from '../algorithms/user-neighbours.ts'
import type { StrengthOptions } from '../training/strength.ts'
import type { ModelItems } from './model-items.ts'

/** What an instance holds of a model to make a user's vector at once: the items' side, and what it was fitted with. */
export interface ServedModel {
  version: string
  /** Item ids by row. */
  items: readonly string[]
  rowOf: ReadonlyMap<string, number>
  /** Item factors with their Gramian, laid out for ranking. */
  factors: ModelItems
  parameters: Omit<RowParameters, 'conjugateGradientSteps'>
  strength: StrengthOptions
  popularityShare: number
  /** Share of the item-item linear model in the published lists; vectors made on the spot do not have it. */
  itemLinearShare: number
  indexes?: ServedIndexes
}

/** What sources ask beside the factors; each is there when a refresh made it. */
export interface ServedIndexes {
  /** By rows of the model's items. */
  userNeighbours?: ReturnType<typeof userNeighbours>
  content?: ServedContent
  /** By rows of the model's items. */
  repurchase?: Repurchase
  segments?: Segments
}

/** Every product as a row of features, whether anybody had to do with it or not. */
export interface ServedContent {
  /** Ids by row. */
  items: readonly string[]
  rowOf: ReadonlyMap<string, number>
  /** Names by column, as `ContentFeatures` has them. */
  features: readonly string[]
  featureOf: ReadonlyMap<string, number>
  /** shape (items, features) */
  rows: Csr
  nearest: ReturnType<typeof contentScores>
}
