import { z } from 'zod'
import { TrainingManifest } from './training-manifest.ts'

/** A blob that is known by what it holds: whoever reads it checks the sha256 of its bytes. */
export const ContentBlob = z.object({ path: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/) })
export type ContentBlob = z.infer<typeof ContentBlob>

/** Rows from (included) to (excluded) of a factor matrix. */
export const FactorsPart = ContentBlob.extend({ from: z.int().nonnegative(), to: z.int().nonnegative() })
export type FactorsPart = z.infer<typeof FactorsPart>

/** What sources read at a request beside the factors; each part is there when a refresh made it. */
export const ModelIndexes = z.object({
  /** The latest items of the users who were here last: `encodeUserHistories`. */
  userHistories: ContentBlob.optional(),
  /** Groups of users who behave alike: `encodeSegments`. */
  segments: ContentBlob.optional(),
  /** When items are bought again, by rows of the model's items: `encodeRepurchase`. */
  repurchase: ContentBlob.optional(),
  /**
   * Every product as a row of features: ids and names of features as name lists, and the matrix and its transpose as csr
   * matrices.
   */
  content: z.object({ items: ContentBlob, features: ContentBlob, rows: ContentBlob, itemsOf: ContentBlob }).optional(),
})
export type ModelIndexes = z.infer<typeof ModelIndexes>

/** Blob `models/{runId}/model.json`: what a refresh serves by: a full fit, or a fit with what was added since. All it names is in `models/blobs/` and never changes. */
export const ModelManifest = z.object({
  version: z.literal(1),
  factors: z.int().positive(),
  users: z.int().nonnegative(),
  items: z.int().nonnegative(),
  /** What it was fitted with. */
  parameters: z.record(z.string(), z.union([z.number(), z.string()])),
  /** What it was trained on: tables and versions. */
  training: TrainingManifest.shape.tables.optional(),
  /** In order, without gaps. */
  userFactors: z.array(FactorsPart),
  itemFactors: z.array(FactorsPart),
  /** XᵀX of either side, shape (factors, factors), 64 bits. */
  gramians: z.object({ users: ContentBlob, items: ContentBlob }),
  /** Ids by row number, as name lists. */
  names: z.object({ users: ContentBlob, items: ContentBlob }),
  /** The manifest of the model that this one adds to; a full fit has none. */
  base: ContentBlob.optional(),
  /** What stays of the last full fit while increments add to it. */
  fit: z
    .object({
      at: z.iso.datetime(),
      /** Users, entries of the user-item matrix, and events that were fitted. */
      users: z.int().nonnegative(),
      cells: z.int().nonnegative(),
      events: z.int().nonnegative(),
      names: ContentBlob,
      itemFactors: z.array(FactorsPart),
    })
    .optional(),
  /** Two words a user that change whenever one of the user's events does. */
  userDigests: ContentBlob.optional(),
  /** A byte a user: 1 for those whose vectors were folded in since the last full fit. */
  foldedUsers: ContentBlob.optional(),
  indexes: ModelIndexes.optional(),
})
export type ModelManifest = z.infer<typeof ModelManifest>

/** All blobs that a manifest names: as long as it is there they are, too. */
export function blobsOf(manifest: ModelManifest): ContentBlob[] {
  const { userFactors, itemFactors, gramians, names, fit, userDigests, foldedUsers, indexes = {} } = manifest
  const factors = [...userFactors, ...itemFactors, ...(fit?.itemFactors ?? []), ...Object.values(gramians)]
  const { content, ...blobs } = indexes
  const sources = [...(content ? Object.values(content) : []), ...Object.values(blobs)]
  const others = [...Object.values(names), fit?.names, userDigests, foldedUsers, ...sources]
  return [...factors, ...others.filter(blob => blob !== undefined)]
}

/** Where a run's manifest is kept: with the models, as it outlives the run. */
export const manifestPath = (runId: string): string => `models/${runId}/model.json`
