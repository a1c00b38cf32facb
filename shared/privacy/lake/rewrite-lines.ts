import type { BlobEntry, Blobs } from '../../ports.ts'

/** What becomes of a line that concerns a person: another line, or none. */
export type LineRule = (line: string) => string | undefined

/**
 * Rewrites the blobs under a prefix line by line, where a line changes; a blob without a line left goes. Resolves with how
 * many lines changed. Repeated, it changes nothing.
 */
export async function rewriteLines(
  prefix: string,
  rule: LineRule,
  blobs: Pick<Blobs, 'list' | 'read' | 'write' | 'remove'>,
  { where = () => true }: { where?: (entry: BlobEntry) => boolean } = {},
): Promise<number> {
  let changed = 0
  for await (const entry of blobs.list(prefix)) {
    const { path } = entry
    const bytes = where(entry) ? await blobs.read(path) : undefined
    if (!bytes) continue
    const { text, lines } = rewritten(Buffer.from(bytes).toString(), rule)
    if (lines === 0) continue
    changed += lines
    if (text === '') await blobs.remove(path)
    else await blobs.write(path, Buffer.from(text))
  }
  return changed
}

/** A text of lines by the rule, and how many lines it changed. */
export function rewritten(text: string, rule: LineRule): { text: string; lines: number } {
  let lines = 0
  const kept = text.split('\n').flatMap((line, index, all) => {
    // What follows the last line end is no line.
    if (line === '' && index === all.length - 1) return [line]
    const now = rule(line)
    if (now === line) return [line]
    lines += 1
    return now === undefined ? [] : [now]
  })
  return { text: kept.join('\n'), lines }
}
