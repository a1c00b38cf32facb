import { z } from 'zod'
import { ListedItem } from './answers.ts'
import { UserId } from './ids.ts'
import { PlacementName } from './placements.ts'

/** A user's list in an export: a line of `part-*.ndjson`, and a row an item in `part-*.csv`. */
export const ExportedList = z.object({
  user_id: z.string(),
  placement: PlacementName,
  /** To be named by what the list leads to: events carry it. */
  recommendation_id: z.string(),
  model_version: z.string().nullable(),
  items: z.array(ListedItem).min(1),
})
export type ExportedList = z.infer<typeof ExportedList>

/** Why a user is not in an export. */
const SkipReason = z.enum(['guest', 'nothing_personal', 'nothing_to_list'])

/** What became of one user: a line of what a chunk keeps with its run. */
export const ExportOutcome = z.union([ExportedList, z.object({ user_id: z.string(), skipped: SkipReason })])
export type ExportOutcome = z.infer<typeof ExportOutcome>

const ExportFile = z.object({
  path: z.string(),
  rows: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})

/** What one part of an export came to. */
export const ExportPart = z.object({
  /** Users in the files. */
  users: z.int().nonnegative(),
  skipped: z.partialRecord(SkipReason, z.int().positive()),
  /** Users by the version of the model their lists are of. */
  model_versions: z.record(z.string(), z.int().positive()),
  csv: ExportFile,
  ndjson: ExportFile,
})
export type ExportPart = z.infer<typeof ExportPart>

/** Blob `exports/{placement}/{date}/{run}/manifest.json`: written last, so that files without it are not complete. */
export const ExportManifest = z.object({
  run_id: z.string(),
  placement: PlacementName,
  created_at: z.iso.datetime(),
  /** Users with a list, and rows of all CSV files. */
  users: z.int().nonnegative(),
  rows: z.int().nonnegative(),
  skipped: ExportPart.shape.skipped,
  model_versions: ExportPart.shape.model_versions,
  files: z.array(ExportFile.extend({ format: z.enum(['csv', 'ndjson']) })),
})
export type ExportManifest = z.infer<typeof ExportManifest>

/** Placements that lists of many are made for ahead. */
export const exportPlacements = ['email', 'home'] as const

/** What every list of an export is to be like. */
export const ListWishes = z.object({
  category: z.string().optional(),
  brand: z.string().optional(),
  priceMin: z.number().optional(),
  priceMax: z.number().optional(),
  channel: z.string().optional(),
  region: z.string().optional(),
  country: z.string().optional(),
  device: z.string().optional(),
  age: z.int().optional(),
  filter: z.string().optional(),
  minScore: z.number().optional(),
})
export type ListWishes = z.infer<typeof ListWishes>

/** Blob `runs/{run}/export/plan.json`: how an export makes its lists, where a request told so. */
export const ExportPlan = z.object({
  placement: z.enum(exportPlacements),
  limit: z.int().positive(),
  wishes: ListWishes,
})
export type ExportPlan = z.infer<typeof ExportPlan>

/** Cosmos `runs`, id `request`: an export of some users alone; it goes once the job has taken it up. */
export const ExportRequest = ExportPlan.extend({
  id: z.literal('request'),
  run_id: z.string(),
  users: z.array(UserId).min(1),
  ttl: z.int().positive().optional(),
})
export type ExportRequest = z.infer<typeof ExportRequest>
