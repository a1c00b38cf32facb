import { z } from 'zod'
import { decidedAnew } from '../lake/build/decided-anew.ts'
import { prepare } from '../lake/build/table-build.ts'
import { codeVersion } from '../lake/code-version.ts'
import { readSnapshot } from '../lake/delta/snapshot.ts'
import { literal } from '../lake/delta/table-schema.ts'
import { writeTable } from '../lake/delta/write-table.ts'
import { type LineageFacts, writeLineage } from '../lake/lineage.ts'
import { sqlFile } from '../lake/sql-file.ts'
import { goldAssocRules, goldItemSim, goldModelMetrics, goldUserTopn } from '../lake/tables/gold-tables.ts'
import { definitionOf, type Table } from '../lake/tables/table.ts'
import { type Stage, type StageContext, stage } from '../runs/stage.ts'
import { collections } from '../schemas/collections.ts'
import { readCertificate } from '../training/increment/certificate-stage.ts'
import { type ListName, listFiles } from '../training/lists.ts'
import { modelVersionOf } from './model-version.ts'

const served = ['itemRules', 'itemNeighbours', 'userLists'] as const satisfies ListName[]
const tableOf: Readonly<Record<(typeof served)[number], Table>> = {
  itemRules: goldAssocRules,
  itemNeighbours: goldItemSim,
  userLists: goldUserTopn,
}

const HistoryChunk = z.discriminatedUnion('of', [
  z.object({ of: z.literal('certificate') }),
  z.object({ of: z.literal('lists'), list: z.enum(served), part: z.int(), files: z.array(z.string()).min(1) }),
])
type HistoryChunk = z.infer<typeof HistoryChunk>

/** A line is a document of Cosmos DB, which has 2 MB at most; each thread reads into twice as much memory as is said here. */
const lineBytesMax = 4 * 1024 * 1024
/** List bytes of a chunk: some 30 s of reading. */
const bytesPerChunk = 256 * 1024 * 1024

/**
 * What went live -> gold: the lists this generation made (an increment makes those that changed) and its certificate, as
 * tables that nobody takes anything out of again.
 */
export const historyStage: Stage = stage({
  name: 'history',
  weight: 2,
  parse: raw => HistoryChunk.parse(raw),
  plan: async context => {
    const chunks: HistoryChunk[] = [{ of: 'certificate' }]
    for (const list of served) {
      let part = 0
      let left = 0
      let files: string[] = []
      for (const { file, bytes } of await listFiles(context, list)) {
        // A rule is listed under several items and kept once: its files are read together.
        if (files.length === 0 || (bytes > left && list !== 'itemRules')) {
          files = []
          chunks.push({ of: 'lists', list, part, files })
          part += 1
          left = bytesPerChunk
        }
        files.push(file)
        left -= bytes
      }
    }
    return chunks
  },
  run: async (chunk, context) => {
    if (chunk.of === 'lists') return { rows: await appendLists(chunk, context) }
    const certificate = JSON.stringify(await readCertificate(context))
    return { rows: await append({ table: goldModelMetrics, part: 0, variables: { certificate } }, context) }
  },
})

async function appendLists(
  { list, part, files }: HistoryChunk & { of: 'lists' },
  context: StageContext,
): Promise<number> {
  const { runId, ports } = context
  const local = await Promise.all(
    files.map(async file => {
      const path = `runs/${runId}/${file}`
      const found = await ports.blobs.localFile(path)
      if (found === undefined) throw new Error(`Cannot keep what was served: ${path} is gone`)
      return found
    }),
  )
  const sources = `[${local.map(literal).join(', ')}]`
  const prelude = `create or replace temp view published_lists as
    select json from read_ndjson_objects(${sources}, maximum_object_size = ${lineBytesMax})`
  return append({ table: tableOf[list], part, prelude }, context)
}

/** Appends a part of the generation, once: the table notes the last generation of each part. Resolves to the rows. */
async function append(
  of: { table: Table; part: number; variables?: Record<string, string>; prelude?: string },
  context: StageContext,
): Promise<number> {
  const { token: generation, runId, ports } = context
  const { table, part, variables = {}, prelude = '' } = of
  const modelVersion = modelVersionOf(context)
  const key = { id: modelVersion, partition: modelVersion }
  const generatedAt = (await ports.documents.read(collections.generations, key))?.document.generated_at
  if (generatedAt === undefined) throw new Error(`Cannot keep what was served: ${modelVersion} is not known`)
  return decidedAnew(async () => {
    const startedAt = new Date(ports.clock()).toISOString()
    const before = await readSnapshot(table.path, ports)
    const appId = `served/${part}`
    if ((before?.transactions.get(appId) ?? 0) >= generation) return 0
    await using session = await ports.sql.open()
    const given = { generation, model_version: modelVersion, generated_at: generatedAt, ...variables }
    await prepare({ table, inputs: [], variables: given, prelude }, session)
    const facts = (rows: number): LineageFacts => ({
      ...{ table: table.path, run_id: runId, code_version: codeVersion, inputs: [] },
      ...{ rows_in: rows, rows_out: rows, rejected: 0, by_rule: {} },
      ...{ started_at: startedAt, finished_at: new Date(ports.clock()).toISOString() },
    })
    const { version, rows } = await writeTable(
      definitionOf(table),
      await sqlFile(table.path),
      {
        ...{ session, replace: 'none', before },
        transactions: [{ appId, version: generation }],
        info: written => ({ lineage: facts(written) }),
      },
      ports,
    )
    await writeLineage({ ...facts(rows), version }, ports)
    return rows
  })
}
