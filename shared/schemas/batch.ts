import { z } from 'zod'
import { ItemList, TriggeredJob } from './answers.ts'
import { exportPlacements } from './export.ts'
import { inOrder, JobPath, limit, listBody, listCursor, priceOrder } from './requests.ts'
import { RunStatus } from './run.ts'

/** Users whose lists are answered at once; more make a job. */
export const usersAtOnceMax = 100
const usersMax = 10_000
const usersRule = 'must be 1 to 10,000 user ids'

const { cursor: _, explain: __, user_id: ___, session_id: ____, ...wishes } = listBody
export const BatchBody = z
  .strictObject({
    ...wishes,
    users: z.array(z.string(), { error: usersRule }).min(1, { error: usersRule }).max(usersMax, { error: usersRule }),
    placement: z.enum(exportPlacements, { error: 'must be email or home' }).default('home'),
    async: z.boolean().default(false).describe('As a job that writes files, also for few users'),
  })
  .refine(inOrder, priceOrder)

const BatchItem = z.object({
  user_id: z.string(),
  list: ItemList.nullable(),
  error: z.object({ code: z.string(), detail: z.string() }).nullable().describe('Why there is no list'),
})
export const BatchLists = z.object({ items: z.array(BatchItem), next_cursor: z.string().nullable() })
export const BatchJob = TriggeredJob.extend({ download_url: z.string() })
export const BatchAnswer = z.union([BatchLists, BatchJob])

const ExportFile = z.object({
  name: z.string(),
  format: z.enum(['csv', 'ndjson']),
  rows: z.int(),
  bytes: z.int(),
  sha256: z.string(),
  url: z.string(),
})
export const ExportAnswer = z.object({
  job: z.string(),
  status: RunStatus,
  created_at: z.string(),
  completed_at: z.string().nullable(),
  placement: z.enum(exportPlacements).nullable().describe('null until the files are complete'),
  users: z.int().nullable().describe('In the files'),
  files: z.array(ExportFile).describe('Empty until all are complete'),
})
export type ExportAnswer = z.infer<typeof ExportAnswer>
export const ExportList = z.object({ items: z.array(ExportAnswer), next_cursor: z.string().nullable() })

export const ExportsQuery = z.object({ limit: limit.default(20), cursor: listCursor })
export const ExportFilePath = JobPath.extend({
  file: z
    .string()
    .regex(/^(part-\d{9}\.(csv|ndjson)|manifest\.json)$/, { error: 'must be the name of a file of an export' }),
})
