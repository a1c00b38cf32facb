import type { BlobEntry, Ports } from '../ports.ts'

/** Files of bronze that are read together, in the order of their names. */
export interface BronzeChunk {
  paths: string[]
  /** Tells one content of the files from any other, and from what another version of the app reads in them. */
  source: string
}

/** Raised when the same bronze is read otherwise, so that no run takes over what an earlier version made of it. */
const readingVersion = 1

/**
 * Cuts the files of one folder into chunks of at most `bytesMax`, one file at least. A chunk is as full as it can be, so
 * that files added after the last leave all chunks but the last as they were.
 */
export async function bronzeChunks(
  files: AsyncIterable<BlobEntry>,
  { bytesMax, sha256 }: { bytesMax: number; sha256: Ports['sha256'] },
): Promise<BronzeChunk[]> {
  const chunks: { paths: string[]; contents: string[] }[] = []
  let room = 0
  for await (const { path, bytes, etag } of files) {
    let chunk = chunks.at(-1)
    if (!chunk || room < bytes) {
      chunk = { paths: [], contents: [] }
      chunks.push(chunk)
      room = bytesMax
    }
    chunk.paths.push(path)
    chunk.contents.push(`${path}\n${etag}`)
    room -= bytes
  }
  return chunks.map(({ paths, contents }) => ({ paths, source: sha256(`${readingVersion}\n${contents.join('\n')}`) }))
}
