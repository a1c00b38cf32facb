import { gunzipSync } from 'node:zlib'
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
