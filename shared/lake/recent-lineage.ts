import type { Ports } from '../ports.ts'
import { Lineage, lineagePrefix } from './lineage.ts'

/** The lineage of a table's newest versions, oldest of them first. */
export async function recentLineage(
  table: string,
  { versionsMax }: { versionsMax: number },
  { blobs }: Pick<Ports, 'blobs'>,
): Promise<Lineage[]> {
  const paths: string[] = []
  for await (const { path } of blobs.list(lineagePrefix(table))) paths.push(path)
  const newest = await Promise.all(paths.slice(-versionsMax).map(path => blobs.read(path)))
  return newest.flatMap(bytes => (bytes ? [Lineage.parse(JSON.parse(Buffer.from(bytes).toString()))] : []))
}
