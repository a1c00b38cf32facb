import { z } from 'zod'
import { ItemId, UserId } from './ids.ts'
import { PlacementName } from './placements.ts'
import { JobKind, RunStatus } from './run.ts'

const limitRule = 'must be a whole number from 1 to 100'
const limit = z
  .string()
  .regex(/^\d{1,6}$/, { error: limitRule })
  .transform(Number)
  .pipe(z.int().min(1, { error: limitRule }).max(100, { error: limitRule }))

const scoreRule = 'must be a number from 0 to 1'
const score = z
  .string()
  .trim()
  .min(1, { error: scoreRule })
  .transform(Number)
  .pipe(z.number({ error: scoreRule }).min(0, { error: scoreRule }).max(1, { error: scoreRule }))

const category = z.string().min(1).max(200)
const cursor = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, { error: 'must be a next_cursor of an earlier answer' })
  .optional()

export const NoQuery = z.object({})
export const UserPath = z.object({ id: UserId })
export const ItemPath = z.object({ id: ItemId })
export const JobPath = z.object({
  job: z.string().regex(/^[a-z]+-[0-9a-f]{16}$/, { error: 'must be the run_id of a job' }),
})
export const PlacementPath = z.object({ name: PlacementName })
export const NoPath = z.object({})

/** Query of every list of recommendations. */
export const ListQuery = z.object({
  limit: limit.default(10),
  category: category.optional(),
  min_score: score.optional(),
})
export const ItemListQuery = ListQuery.extend({
  kind: z.enum(['hybrid', 'als', 'copurchase'], { error: 'must be hybrid, als or copurchase' }).default('hybrid'),
})
export const RulesQuery = z.object({ limit: limit.default(10) })

const sortRule = 'must be name, price or -price'
export const ProductsQuery = z.object({
  limit: limit.default(20),
  cursor,
  category: category.optional(),
  q: z.string().max(200).optional(),
  sort: z.enum(['name', 'price', '-price'], { error: sortRule }).default('name'),
})

export const JobsQuery = z.object({
  limit: limit.default(20),
  kind: JobKind.optional(),
  status: RunStatus.optional(),
})
export const ModelsQuery = z.object({ limit: limit.default(20) })
export const RollbackBody = z.strictObject({ from: z.string().min(1).max(100).optional() })
export const JobStatusQuery = z.object({ job: JobPath.shape.job.optional(), kind: JobKind.default('refresh') })
export const TriggerBody = z
  .strictObject({
    job: JobKind.default('refresh'),
    refit: z.boolean().default(false),
    /** A failed job that is to go on where it stopped, instead of a new one. */
    restart: JobPath.shape.job.optional(),
  })
  .refine(({ job, refit }) => !refit || job === 'refresh', { path: ['refit'], error: 'is for the job refresh alone' })
