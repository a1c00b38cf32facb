import { z } from 'zod'
import type { Ports } from '../../ports.ts'
import { findRun } from '../../runs/ledger.ts'
import { ExportAnswer, ExportFilePath, ExportList, ExportsQuery } from '../../schemas/batch.ts'
import { collections } from '../../schemas/collections.ts'
import { AppError } from '../../schemas/errors.ts'
import { ExportManifest, exportPlacements } from '../../schemas/export.ts'
import { JobPath } from '../../schemas/requests.ts'
import type { Run } from '../../schemas/run.ts'
import { access } from '../access.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { entityTag } from '../if-match.ts'
import { byteRange } from '../lists/byte-range.ts'
import { newestPage } from '../lists/newest-page.ts'

type Need = { ports: Pick<Ports, 'documents' | 'blobs'> }

export const listExports = ({ ports }: Need): Endpoint =>
  endpoint({
    name: 'exports',
    method: 'GET',
    path: '/api/exports',
    access: access.many,
    group: 'jobs',
    summary: 'Exports of lists, the newest first, each with its files and their sizes',
    input: { query: ExportsQuery },
    output: ExportList,
    run: async ({ query }) => {
      const equal = { type: 'run', kind: 'export' } as const
      const wanted = { ...query, equal, newestBy: 'created_at', idOf: (run: Run) => run.run_id } as const
      const { shown, next_cursor } = await newestPage(collections.runs, wanted, ports.documents)
      return { body: { items: await Promise.all(shown.map(run => exportAnswer(run, ports))), next_cursor } }
    },
  })

export const oneExport = ({ ports }: Need): Endpoint =>
  endpoint({
    name: 'export',
    method: 'GET',
    path: '/api/exports/{job}',
    access: access.many,
    group: 'jobs',
    summary: 'One export: how it is, and its files once all are complete',
    input: { path: JobPath },
    output: ExportAnswer,
    refuses: ['unknown_job'],
    run: async ({ path }) => ({ body: await exportAnswer(await knownExport(path.job, ports), ports) }),
  })

export const exportFile = ({ ports }: Need): Endpoint =>
  endpoint({
    name: 'export-file',
    method: 'GET',
    path: '/api/exports/{job}/{file}',
    access: access.many,
    group: 'jobs',
    summary: 'A file of an export, whole or one range of its bytes (header range)',
    input: { path: ExportFilePath },
    output: z.string(),
    mediaType: 'application/octet-stream',
    alsoAnswers: [206],
    headers: ['etag', 'content-disposition', 'accept-ranges', 'content-range'],
    refuses: ['unknown_job', 'not_found', 'range_not_satisfiable'],
    run: async ({ path: { job, file } }, request) => {
      const found = await completeExport(await knownExport(job, ports), ports)
      const path = found && pathOf(file, found)
      if (path === undefined) throw noSuchFile(job, file)
      const told = found?.manifest.files.find(each => each.path === path)
      const headers = {
        ...{ 'content-type': typeOf(file), 'content-disposition': `attachment; filename="${job}-${file}"` },
        ...{ 'accept-ranges': 'bytes', ...(told ? { etag: entityTag(told.sha256) } : {}) },
      }
      const range = told && byteRange(request.headers.get('range'), told.bytes)
      if (!range) return { headers, body: await wholeFile(path, ports) }
      const bytes = await ports.blobs.readRange(path, range.from, range.to - range.from)
      if (!bytes) throw noSuchFile(job, file)
      const of = `bytes ${range.from}-${range.to - 1}/${told.bytes}`
      return { status: 206, headers: { ...headers, 'content-range': of }, body: bytes }
    },
  })

interface Complete {
  folder: string
  manifest: ExportManifest
}

/** The manifest is written last: without it the files are not complete. */
async function completeExport(
  { run_id: job, created_at: at }: Run,
  { blobs }: Pick<Ports, 'blobs'>,
): Promise<Complete | undefined> {
  for (const placement of exportPlacements) {
    const folder = `exports/${placement}/${at.slice(0, 10)}/${job}`
    const bytes = await blobs.read(`${folder}/manifest.json`)
    if (bytes) return { folder, manifest: ExportManifest.parse(JSON.parse(new TextDecoder().decode(bytes))) }
  }
  return undefined
}

function pathOf(file: string, { folder, manifest }: Complete): string | undefined {
  const path = `${folder}/${file}`
  return file === 'manifest.json' || manifest.files.some(each => each.path === path) ? path : undefined
}

async function wholeFile(path: string, { blobs }: Pick<Ports, 'blobs'>): Promise<Uint8Array> {
  const bytes = await blobs.read(path)
  if (bytes) return bytes
  throw new AppError('not_found', 'The file was removed, as files are that are kept for a time only')
}

const typeOf = (file: string) =>
  file.endsWith('.csv')
    ? 'text/csv; charset=utf-8'
    : file.endsWith('.ndjson')
      ? 'application/x-ndjson'
      : 'application/json'

async function exportAnswer(run: Run, ports: Need['ports']): Promise<ExportAnswer> {
  const { run_id: job, status, created_at, completed_at = null } = run
  const complete = await completeExport(run, ports)
  const files = complete?.manifest.files.map(({ path, ...file }) => {
    const name = path.slice(path.lastIndexOf('/') + 1)
    return { name, ...file, url: `/api/exports/${job}/${name}` }
  })
  const placement = exportPlacements.find(each => each === complete?.manifest.placement) ?? null
  return {
    job,
    status,
    created_at,
    completed_at,
    placement,
    users: complete?.manifest.users ?? null,
    files: files ?? [],
  }
}

async function knownExport(job: string, { documents }: Pick<Ports, 'documents'>): Promise<Run> {
  const run = await findRun(job, documents)
  if (run?.document.kind === 'export') return run.document
  throw new AppError('unknown_job', `There is no export ${job}: see /api/exports`, [
    { code: 'unknown', field: 'job', value: job, reason: 'is not known' },
  ])
}

function noSuchFile(job: string, file: string): AppError {
  const reason = 'is no file of this export, or not complete yet'
  return new AppError('not_found', `There is no file ${file} of ${job}: see /api/exports/${job}`, [
    { code: 'unknown', field: 'file', value: file, reason },
  ])
}
