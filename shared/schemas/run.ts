import { z } from 'zod'

const jobKinds = ['refresh', 'lake', 'tune', 'export', 'erasure'] as const
export const JobKind = z.enum(jobKinds, { error: `must be one of ${jobKinds.join(', ')}` })
export type JobKind = z.infer<typeof JobKind>

export const RunStatus = z.enum(['running', 'completed', 'failed', 'cancelled'])
export type RunStatus = z.infer<typeof RunStatus>

/** Counts and durations a chunk reports; summed over the chunks of a stage. */
export const Metrics = z.record(z.string(), z.number())
export type Metrics = z.infer<typeof Metrics>

export const StageState = z.object({
  name: z.string(),
  /** The round at work: a stage may be planned again when all it planned is complete. */
  round: z.int().nonnegative().default(0),
  /** How many chunks the round's plan made, or all rounds' when the stage is complete; absent until it is planned. */
  chunks: z.int().nonnegative().optional(),
  /** Share of the stage that is done once this round is, 0 to 1, as its plan told; 1 for the last round. */
  share: z.number().min(0).max(1).optional(),
  /** What the rounds before this one came to. */
  before: z.object({ chunks: z.int().nonnegative(), share: z.number().min(0).max(1) }).optional(),
  started_at: z.iso.datetime().optional(),
  completed_at: z.iso.datetime().optional(),
  metrics: Metrics.optional(),
})
export type StageState = z.infer<typeof StageState>

/** `hourly`: only tables that are made by months. `daily`: all tables, and their upkeep. */
export const RunScope = z.enum(['hourly', 'daily'])
export type RunScope = z.infer<typeof RunScope>

/** The ledger's page of one run: partition `run_id`, id `run`. */
export const Run = z.object({
  id: z.literal('run'),
  type: z.literal('run'),
  run_id: z.string(),
  kind: JobKind,
  status: RunStatus,
  /** Index of the stage at work. */
  stage: z.int().nonnegative(),
  stages: z.array(StageState),
  /** Fencing token: grows with every run of the kind; a refresh publishes under it as its generation. */
  token: z.int().positive(),
  trigger: z.string(),
  /** Fit all factors anew, also when adding what changed would do. */
  refit: z.boolean().optional(),
  /** How far a run of the lake goes; without it, through all tables. */
  scope: RunScope.optional(),
  created_at: z.iso.datetime(),
  /** When the run last moved: planned or finished a round. */
  moved_at: z.iso.datetime(),
  completed_at: z.iso.datetime().optional(),
  error: z.string().optional(),
  /** Of whoever started it, in W3C's form: all its chunks go on with that trace. */
  traceparent: z.string().optional(),
})
export type Run = z.infer<typeof Run>

/** Written once by whoever finishes the chunk first: id `done-{stage}-{round}-{chunk}`. */
export const Completion = z.object({
  id: z.string(),
  type: z.literal('completion'),
  run_id: z.string(),
  stage: z.string(),
  round: z.int().nonnegative().default(0),
  chunk: z.int().nonnegative(),
  metrics: Metrics,
})
export type Completion = z.infer<typeof Completion>

/** Sign of life of a chunk at work, and its last error: id `chunk-{stage}-{round}-{chunk}`. */
export const ChunkRecord = z.object({
  id: z.string(),
  type: z.literal('chunk'),
  run_id: z.string(),
  stage: z.string(),
  round: z.int().nonnegative().default(0),
  chunk: z.int().nonnegative(),
  attempts: z.int().nonnegative(),
  /** Share done, 0 to 1. */
  fraction: z.number().min(0).max(1),
  /** Last sign of life. */
  seen_at: z.iso.datetime(),
  error: z.string().optional(),
})
export type ChunkRecord = z.infer<typeof ChunkRecord>

/** One run of a kind at a time: partition `lease-{kind}`, id `lease`. */
export const Lease = z.object({
  id: z.literal('lease'),
  run_id: z.string(),
  token: z.int().positive(),
  holder: z.string().optional(),
  taken_at: z.iso.datetime(),
})
export type Lease = z.infer<typeof Lease>

/** What travels in the queue `run-chunks`: a pointer, never data. `plan` asks for the round to be planned. */
export const RunMessage = z.object({
  run_id: z.string(),
  stage: z.string(),
  round: z.int().nonnegative().default(0),
  chunk: z.union([z.int().nonnegative(), z.literal('plan')]),
})
export type RunMessage = z.infer<typeof RunMessage>
export const runQueue = 'run-chunks'
