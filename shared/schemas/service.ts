import { z } from 'zod'
import { ModelList } from './answers.ts'
import { Certificate } from './certificate.ts'
import { ModelManifest } from './model.ts'
import { PlacementName, SourceName } from './placements.ts'
import { Segment } from './published.ts'
import { JobKind } from './run.ts'
import { TrainingManifest } from './training-manifest.ts'

/** That the process runs and answers: nothing else was asked. */
export const Liveness = z.object({ status: z.literal('ok'), live: z.literal(true) })

const Part = z.object({ ok: z.boolean(), detail: z.string() })
/** Whether this instance should be sent requests, and what it still waits for. */
export const Readiness = z.object({
  status: z.enum(['ok', 'starting']),
  ready: z.boolean(),
  parts: z.object({ catalogue: Part, published: Part, model: Part }),
})
export type Readiness = z.infer<typeof Readiness>
export type ReadinessPart = z.infer<typeof Part>

const ModelAnswer = ModelList.shape.items.element
const SideOfModel = ModelManifest.pick({ factors: true, users: true, items: true, parameters: true })
/** What `model.json` knows: what was fitted, on what, and what it adds to. */
const Lineage = SideOfModel.extend({
  path: z.string(),
  sha256: z.string(),
  intact: z.boolean().describe('Whether the bytes are those that were published'),
  training: TrainingManifest.shape.tables.nullable().describe('Tables and versions it was trained on'),
  adds_to: z.string().nullable().describe('The manifest of the full fit that it adds to'),
  fit: z
    .object({ at: z.string(), users: z.int(), cells: z.int(), events: z.int() })
    .nullable()
    .describe('The last full fit'),
})
export const ModelDetails = ModelAnswer.extend({
  certificate: Certificate.nullable().describe('How it was made, and how good its fold-ins were'),
  segments: z.array(Segment),
  lineage: Lineage.nullable().describe('null once the model’s files were removed'),
})
export type ModelDetails = z.infer<typeof ModelDetails>
export const ModelPath = z.object({ version: z.string().min(1).max(100) })

/** What this is, as of now (S09). */
export const Metadata = z.object({
  version: z.string().describe('Of the app'),
  model_version: z.string().nullable(),
  generation: z.int().nullable(),
  generated_at: z.string().nullable().describe('When the lists were published'),
  trained_at: z.string().nullable().describe('When all factors were last fitted'),
  data_until: z.string().nullable().describe('Interactions up to then are in the lists'),
  source_paths: z.array(z.string()).describe('Tables it was trained on, each with its version'),
  counts: z.object({ products: z.int(), categories: z.int(), model: z.record(z.string(), z.number()) }),
  capabilities: z.object({
    published_lists: z.boolean(),
    fold_in: z.boolean().describe('A model is in memory, to make lists of what was done a moment ago'),
    segments: z.boolean(),
  }),
  jobs: z.array(JobKind),
  placements: z.array(
    z.object({
      name: PlacementName,
      is_default: z.boolean(),
      sources: z.array(SourceName),
      exploration: z.number(),
      log_impressions: z.boolean(),
    }),
  ),
})

export const LogLevel = z.enum(['info', 'warn', 'error'], { error: 'must be info, warn or error' })
const tailRule = 'must be a whole number from 1 to 100,000'
export const JobLogsQuery = z.object({
  level: LogLevel.optional().describe('Only lines of this level or worse'),
  tail: z
    .string()
    .regex(/^\d{1,6}$/, { error: tailRule })
    .transform(Number)
    .pipe(z.int().min(1, { error: tailRule }).max(100_000, { error: tailRule }))
    .optional()
    .describe('Only so many, the last ones'),
  download: z.enum(['0', '1'], { error: 'must be 0 or 1' }).default('0').describe('1: as a file to be kept'),
})
export type JobLogsQuery = z.infer<typeof JobLogsQuery>
