import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { duckDbSql } from '../shared/adapters/duckdb/sql.ts'
import { literal } from '../shared/lake/delta/table-schema.ts'
import type { Ports } from '../shared/ports.ts'

/** Blobs in which one of some texts stands: gzip unpacked, Parquet taken apart, all else as its bytes are. */
export async function blobsNaming(
  texts: readonly string[],
  containers: readonly string[],
  { blobs, sql }: Pick<Ports, 'blobs' | 'sql'>,
): Promise<string[]> {
  const found: string[] = []
  await using session = await sql.open()
  const holds = texts.map(text => `contains(r::varchar, ${literal(text)})`).join(' or ')
  for (const container of containers) {
    for await (const { path } of blobs.list(`${container}/`)) {
      const bytes = Buffer.from((await blobs.read(path)) ?? [])
      const plain = bytes.subarray(0, 2).toString('latin1') === '\u001f\u008b' ? gunzipSync(bytes) : bytes
      const named = texts.some(text => plain.includes(text) || path.includes(text))
      const file = path.endsWith('.parquet') ? await blobs.localFile(path) : undefined
      const rows = file
        ? await session.rows(`select 1 from read_parquet(${literal(file)}) r where ${holds} limit 1`)
        : []
      if (named || rows.length > 0) found.push(path)
    }
  }
  return found
}

/** The containers of the app that people may be in. */
export const allContainers = [
  ...['landing', 'bronze', 'silver', 'gold', 'quarantine', 'dead-letter'],
  ...['runs', 'models', 'logs', 'exports', 'privacy'],
] as const

/** Files under a folder in whose bytes one of some texts stands: gzip unpacked, Parquet taken apart; paths within the folder. */
export async function filesNaming(texts: readonly string[], folder: string): Promise<string[]> {
  const found: string[] = []
  await using session = await duckDbSql({ memoryMb: 256, threads: 1 }).open()
  const holds = texts.map(text => `contains(r::varchar, ${literal(text)})`).join(' or ')
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const bytes = await readUnlessGone(path)
    const magic = bytes.subarray(0, 4).toString('latin1')
    const plain = magic.startsWith('\u001f\u008b') ? gunzipSync(bytes) : bytes
    const rows =
      magic === 'PAR1'
        ? await session.rows(`select 1 from read_parquet(${literal(path)}) r where ${holds} limit 1`)
        : []
    if (rows.length > 0 || texts.some(text => plain.includes(text))) found.push(relative(folder, path))
  }
  return found
}

/** What is collected while it is looked for holds nothing. */
async function readUnlessGone(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return Buffer.alloc(0)
    throw cause
  }
}
