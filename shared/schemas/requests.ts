import { z } from 'zod'
import { ItemId, UserId } from './ids.ts'
import { PlacementName } from './placements.ts'
import { JobKind, RunStatus } from './run.ts'

const limitRule = 'must be a whole number from 1 to 100'
/** How many of a list, in a query. */
export const limit = z
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

export const NoQuery = z.object({})
export const UserPath = z.object({ id: UserId })
export const ItemPath = z.object({ id: ItemId })
export const WhyNotPath = z.object({ id: UserId, item: ItemId })
export const JobPath = z.object({
  job: z.string().regex(/^[a-z]+-[0-9a-f]{16}$/, { error: 'must be the run_id of a job' }),
})
export const DocsAssetPath = z.object({
  file: z.enum(['docs.css', 'docs.js', 'swagger-ui.css', 'swagger-ui-bundle.js']),
})
export const PlacementPath = z.object({ name: PlacementName })
export const NoPath = z.object({})

/** A cursor of a list names all that was shown: up to 500 items. */
export const listCursor = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,4010}$/, { error: 'must be the next_cursor of an earlier answer to the same request' })
  .optional()
export const name = z.string().min(1).max(200)
const expression = z.string().min(1).max(1000)
export const SessionId = z.string().regex(/^[^/\\?#\p{Cc}\p{Cs}]{1,120}$/u, {
  error: 'must be 1 to 120 characters without / \\ ? # or control characters',
})

const notNegativeRule = 'must be a number of 0 or more'
export const notNegative = z
  .string()
  .trim()
  .min(1, { error: notNegativeRule })
  .transform(Number)
  .pipe(z.number({ error: notNegativeRule }).min(0, { error: notNegativeRule }))

const ageRule = 'must be a whole number of years from 0 to 150'
const ageIn = z.int({ error: ageRule }).min(0, { error: ageRule }).max(150, { error: ageRule })
const age = z
  .string()
  .regex(/^\d{1,3}$/, { error: ageRule })
  .transform(Number)
  .pipe(ageIn)

/** What every list may be asked for, whichever way it is sent. */
const wishes = {
  category: name.optional(),
  brand: name.optional(),
  /** Where the list is shown, and to whom: limits of items are held against them. Channels of items are in lower case. */
  channel: name.toLowerCase().optional(),
  region: name.optional(),
  country: name.optional(),
  device: name.optional(),
  /** An expression every item must fulfil: docs/placements.md. */
  filter: expression.optional(),
  /** The next page of a list; all else as in the request before, but for `limit`. */
  cursor: listCursor,
  /** `full` tells how the list was made. */
  explain: z.literal('full', { error: 'must be full' }).optional(),
}
export const inOrder = ({ price_min: min = 0, price_max: max = Number.POSITIVE_INFINITY }) => min <= max
export const priceOrder = { path: ['price_max'], error: 'must not be less than price_min' }

/** Query of every list of recommendations. */
const listQuery = {
  limit: limit.default(10),
  ...wishes,
  min_score: score.optional(),
  price_min: notNegative.optional(),
  price_max: notNegative.optional(),
  age: age.optional(),
}
export const ListQuery = z.object(listQuery).refine(inOrder, priceOrder)
export type ListQuery = z.infer<typeof ListQuery>
/** Who the list is for, where the path does not say: a user, a visitor's session, or both of one who logs in. */
const forWhom = { user: UserId.optional(), session: SessionId.optional() }

const oneOf = (...names: [PlacementName, ...PlacementName[]]) =>
  PlacementName.extract(names, { error: `must be ${names.join(' or ')}` })

export const UserListQuery = z
  .object({
    ...listQuery,
    /** An older name of `category`. */
    category_filter: name.optional(),
    session: SessionId.optional(),
    placement: oneOf('home', 'email').default('home'),
  })
  .refine(inOrder, priceOrder)
  .refine(({ category, category_filter: filter }) => category === undefined || filter === undefined, {
    path: ['category_filter'],
    error: 'is another name of category: give one of the two',
  })
export const SessionPath = z.object({ id: SessionId })
export const SessionListQuery = z
  .object({ ...listQuery, placement: oneOf('home', 'email').default('home') })
  .refine(inOrder, priceOrder)
export const ItemListQuery = z
  .object({
    ...listQuery,
    ...forWhom,
    placement: oneOf('similar', 'bought_together', 'also_viewed').default('similar'),
    kind: z.enum(['hybrid', 'als', 'copurchase'], { error: 'must be hybrid, als or copurchase' }).default('hybrid'),
  })
  .refine(inOrder, priceOrder)
export const CategoryPath = z.object({ category: name })
/** The category is in the path. */
const { category: _, ...restOfQuery } = listQuery
export const CategoryListQuery = z.object({ ...restOfQuery, ...forWhom }).refine(inOrder, priceOrder)

const cartRule = 'must be 1 to 50 item ids'
const cart = z.array(ItemId, { error: cartRule }).min(1, { error: cartRule }).max(50, { error: cartRule })
const cartPlacement = oneOf('cart', 'checkout').default('cart')
/** Ids with a comma in them can only be posted. */
export const CartQuery = z
  .object({
    ...listQuery,
    ...forWhom,
    items: z
      .string({ error: cartRule })
      .transform(text => text.split(','))
      .pipe(cart),
    placement: cartPlacement,
  })
  .refine(inOrder, priceOrder)

const limitIn = z.int({ error: limitRule }).min(1, { error: limitRule }).max(100, { error: limitRule }).default(10)
const scoreIn = z.number({ error: scoreRule }).min(0, { error: scoreRule }).max(1, { error: scoreRule })
const priceIn = z.number({ error: notNegativeRule }).min(0, { error: notNegativeRule })
/** Body of a list that is asked for by POST. */
export const listBody = {
  limit: limitIn,
  ...wishes,
  min_score: scoreIn.optional(),
  price_min: priceIn.optional(),
  price_max: priceIn.optional(),
  age: ageIn.optional(),
  user_id: UserId.optional(),
  session_id: SessionId.optional(),
}
export const CartBody = z
  .strictObject({ ...listBody, items: cart, placement: cartPlacement })
  .refine(inOrder, priceOrder)
const foundRule = 'must be 1 to 500 item ids, in the order of the search engine'
export const SearchBody = z
  .strictObject({
    ...listBody,
    items: z.array(ItemId, { error: foundRule }).min(1, { error: foundRule }).max(500, { error: foundRule }),
  })
  .refine(inOrder, priceOrder)

export const RulesQuery = z.object({
  limit: limit.default(10),
  min_confidence: score.optional(),
  min_lift: notNegative.optional(),
})

export const JobsQuery = z.object({
  limit: limit.default(20),
  cursor: listCursor,
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
