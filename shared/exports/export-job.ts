import { type Job, type Stage, type StageContext, stage } from '../runs/stage.ts'
import type { ExportManifest } from '../schemas/export.ts'
import { measuredRanges } from '../training/measured-ranges.ts'
import { Range, ranges } from '../training/ranges.ts'
import type { ExportOptions } from './export-options.ts'
import { readParts, writePart } from './export-parts.ts'
import { plannedOptions, takeUpRequest } from './export-request.ts'
import { countExportUsers, readExportUsers } from './export-users.ts'
import { makeLists } from './make-lists.ts'

/** Users of one file: some megabytes of lists, whatever the length of a chunk. */
const usersPerFile = 5_000

/** Lists of all users for e-mail and push, as files: who they are, then their lists in chunks, then the manifest (J06). */
export function exportJob(options: ExportOptions, { usersAFile = usersPerFile } = {}): Job {
  return { kind: 'export', stages: [usersStage, listsStage(options, usersAFile), manifestStage(options)] }
}

const usersStage: Stage = stage<string>({
  name: 'export-users',
  weight: 1,
  parse: String,
  plan: async () => ['all'],
  run: async (_, context) => {
    await takeUpRequest(context)
    return { users: await countExportUsers(context) }
  },
})

const listsStage = (options: ExportOptions, step: number): Stage =>
  stage<Range>({
    name: 'export-lists',
    weight: 20,
    parse: raw => Range.parse(raw),
    ...measuredRanges({
      ...{ first: step, step, chunkSeconds: options.chunkSeconds },
      rows: countExportUsers,
    }),
    run: async ({ from, to }, context) => {
      const planned = await plannedOptions(options, context)
      let users = 0
      let rows = 0
      for (const part of ranges(to - from, step)) {
        const range = { from: from + part.from, to: from + part.to }
        const make = async () => makeLists(await readExportUsers(context, range), planned, context.ports)
        const written = await writePart(range.from, { ...context, folder: folderOf(planned, context), make })
        users += written.users
        rows += written.csv.rows
        await context.progress(part.to / (to - from))
      }
      return { users, rows, skipped: to - from - users }
    },
  })

const manifestStage = (options: ExportOptions): Stage =>
  stage<string>({
    name: 'export-manifest',
    weight: 1,
    parse: String,
    plan: async () => ['all'],
    run: async (_, context) => {
      const { runId, createdAt, ports } = context
      const planned = await plannedOptions(options, context)
      const parts = await readParts(context)
      const manifest: ExportManifest = {
        ...{ run_id: runId, placement: planned.placement, created_at: createdAt },
        users: parts.reduce((sum, { users }) => sum + users, 0),
        rows: parts.reduce((sum, { csv }) => sum + csv.rows, 0),
        skipped: summed(parts.map(({ skipped }) => skipped)),
        model_versions: summed(parts.map(({ model_versions }) => model_versions)),
        files: parts.flatMap(({ csv, ndjson }) => [
          { ...csv, format: 'csv' as const },
          { ...ndjson, format: 'ndjson' as const },
        ]),
      }
      const bytes = Buffer.from(JSON.stringify(manifest))
      await ports.blobs.write(`${folderOf(planned, context)}/manifest.json`, bytes)
      return { files: manifest.files.length }
    },
  })

const folderOf = ({ placement }: ExportOptions, { runId, createdAt }: StageContext): string =>
  `exports/${placement}/${createdAt.slice(0, 10)}/${runId}`

function summed(all: readonly Readonly<Partial<Record<string, number>>>[]): Record<string, number> {
  const total: Record<string, number> = {}
  for (const counts of all)
    for (const [name, count = 0] of Object.entries(counts)) total[name] = (total[name] ?? 0) + count
  return total
}
