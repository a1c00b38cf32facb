import { z } from 'zod'
import { Standing } from './catalogue.ts'
import { ListExplanation } from './explanation.ts'
import { Placement, PlacementName } from './placements.ts'
import { Reason } from './reason.ts'
import { JobKind, RunStatus, StageState } from './run.ts'
import { TrialRecord, TuningParameters } from './tuning.ts'

export const ListedItem = z.object({
  item_id: z.string(),
  name: z.string(),
  category: z.string(),
  price: z.number(),
  score: z.number(),
  reason: Reason,
  /** Probability with which it stands at its place, where the placement leaves some to chance. */
  propensity: z.number().optional(),
})
export type ListedItem = z.infer<typeof ListedItem>

/** A list, whatever the route. */
const listOf = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    recommendation_id: z.string(),
    model_version: z.string().nullable(),
    generated_at: z.string().nullable(),
    next_cursor: z.string().nullable(),
  })
export const ItemList = listOf(ListedItem).extend({
  placement: PlacementName,
  /** From the newest of the user's events that the list's taste knows of to the newest that is known at all. */
  seconds_behind: z.number(),
  /** With `explain=full`. */
  explanation: ListExplanation.optional(),
})
export type ItemList = z.infer<typeof ItemList>

export const Product = z.object({
  item_id: z.string(),
  name: z.string(),
  category: z.string(),
  price: z.number(),
  in_stock: z.boolean(),
})
export type Product = z.infer<typeof Product>

/** A rule's right side is the item listed. */
export const ListedRule = ListedItem.extend({
  lhs: z.array(z.string()),
  rhs: z.array(z.string()),
  lhs_details: z.array(Product),
  rhs_details: z.array(Product),
  support: z.number(),
  confidence: z.number(),
  lift: z.number(),
  leverage: z.number(),
  /** null when the rule never fails. */
  conviction: z.number().nullable(),
})
export type ListedRule = z.infer<typeof ListedRule>
export const RuleList = listOf(ListedRule).extend({ antecedent: Product })

export const AcceptedInteractions = z.object({
  accepted: z.int(),
  event_ids: z.array(z.string()),
  rejected: z.array(
    z.object({ index: z.int(), code: z.string(), field: z.string(), value: z.unknown(), reason: z.string() }),
  ),
})

export const UserProfile = z.object({
  user_id: z.string(),
  country: z.string().nullable(),
  segment: z.string().nullable().describe('By recency, frequency and money'),
  loyalty: z.string().nullable(),
  standing: Standing.nullable().describe('What the orders come to, and the revenue expected in a year'),
  behaviour: z
    .object({ key: z.string(), name: z.string() })
    .nullable()
    .describe('The segment of those who behave alike'),
  recent_events: z.array(
    z.object({ item_id: z.string(), name: z.string().nullable(), event_type: z.string(), ts: z.string() }),
  ),
  interactions_url: z.string().describe('The recent events page by page'),
  purchases: z.array(
    z.object({
      item_id: z.string(),
      name: z.string().nullable(),
      last_bought_at: z.string().nullable(),
      times: z.int(),
    }),
  ),
  favourite_categories: z.array(z.object({ name: z.string(), events: z.int() })),
  model_version: z.string().nullable(),
  generated_at: z.string().nullable(),
})

const TrialAnswer = z.object({
  trial: z.string(),
  status: TrialRecord.shape.status,
  started_at: z.string(),
  seconds: z.number().nullable(),
  metrics: z.record(z.string(), z.number()).nullable(),
  parameters: TuningParameters,
})

export const JobAnswer = z.object({
  job: z.string(),
  kind: JobKind,
  status: RunStatus,
  stage: z.string().nullable(),
  percent: z.int(),
  seconds_elapsed: z.int(),
  seconds_left: z.int().nullable(),
  trigger: z.string(),
  refit: z.boolean(),
  created_at: z.string(),
  completed_at: z.string().nullable(),
  error: z.string().nullable(),
  /** What its chunks asked of Cosmos so far, the memory of their instances times their time, and both in US dollars, without grants. */
  request_units: z.int(),
  gb_seconds: z.number(),
  dollars: z.number(),
  /** Of a tune job: what was tried, in order, with all figures. */
  trials: z.array(TrialAnswer).optional(),
  stages: z.array(StageState.omit({ before: true, share: true }).extend({ chunks_done: z.int() })),
})
export type JobAnswer = z.infer<typeof JobAnswer>
export const JobStatus = z.union([JobAnswer, z.object({ status: z.literal('never_run'), kind: JobKind })])
export const JobList = z.object({ items: z.array(JobAnswer), next_cursor: z.string().nullable() })
export const TriggeredJob = z.object({
  job: z.string(),
  started: z.boolean(),
  status_url: z.string(),
  logs_url: z.string(),
})

export const Dependency = z.object({ ok: z.boolean(), latency_ms: z.number(), error: z.string().optional() })
export const Health = z.object({
  status: z.enum(['ok', 'starting', 'degraded']),
  live: z.literal(true),
  ready: z.boolean(),
  dependencies: z.record(z.string(), Dependency),
  model_version: z.string().nullable(),
  generated_at: z.string().nullable(),
  products: z.int(),
})

const ModelAnswer = z.object({
  model_version: z.string(),
  generation: z.int(),
  job: z.string(),
  generated_at: z.string(),
  /** `previous` can be rolled back to; `rolled_back` was live before the last rollback. */
  state: z.enum(['live', 'previous', 'rolled_back', 'past']),
  parameters: z.record(z.string(), z.unknown()),
  counts: z.record(z.string(), z.number()),
})
export const ModelList = z.object({ items: z.array(ModelAnswer), next_cursor: z.string().nullable() })
export const RolledBack = z.object({
  /** Whether this call set the pointer back; false when it was already. */
  rolled_back: z.boolean(),
  model_version: z.string(),
  generation: z.int(),
  generated_at: z.string(),
  /** What was live before. */
  from: z.string().nullable(),
})

export const PlacementAnswer = z.object({
  name: PlacementName,
  /** Whether the shop has set nothing of its own. */
  is_default: z.boolean(),
  /** What is in force. */
  settings: Placement,
  default: Placement,
})
export const PlacementList = z.object({ items: z.array(PlacementAnswer), next_cursor: z.string().nullable() })
