import type { BlobEntry, Blobs, Ports } from '../ports.ts'
import { BackedUpBlob, type BackedUpBlobs } from '../schemas/backup.ts'
import { backedUpContainers } from './containers.ts'
import { forEachOf, type Place, readJournal, sha256Of, writeLines } from './place.ts'

/** How many copies are told to the journal at once: as many at most are made again after a crash. */
const journalEvery = 100

/**
 * In this order nothing is missed while the app works. A segment of events goes only once its table's log has it: segments
 * first, then logs. A log names only files that are written and that nobody writes again: logs first, then files. A hint
 * names a checkpoint that is there: hints before logs.
 */
const phases = ['loose', 'hint', 'log', 'file'] as const
type Phase = (typeof phases)[number]

function phaseOf(path: string): Phase {
  if (path.endsWith('/_delta_log/_last_checkpoint')) return 'hint'
  if (path.includes('/_delta_log/')) return 'log'
  return path.endsWith('.parquet') && !path.startsWith('landing/') ? 'file' : 'loose'
}

/** Copies all blobs of the app; those that an earlier try copied and that did not change since are not copied again. */
export async function backUpBlobs(
  { to, say }: { to: Place; say: (line: string) => void },
  { blobs }: Pick<Ports, 'blobs'>,
): Promise<BackedUpBlobs[]> {
  const path = `${to.prefix}/journal/blobs.jsonl`
  const known = new Map((await readJournal(path, BackedUpBlob, to.blobs)).map(blob => [blob.path, blob]))
  const copied = new Map<string, BackedUpBlob>()
  for (const phase of phases) {
    for (const container of backedUpContainers) {
      const entries: BlobEntry[] = []
      for await (const entry of blobs.list(`${container}/`)) if (phaseOf(entry.path) === phase) entries.push(entry)
      for (let at = 0; at < entries.length; at += journalEvery) {
        const made: BackedUpBlob[] = []
        await forEachOf(entries.slice(at, at + journalEvery), async entry => {
          const before = known.get(entry.path)
          const is = before?.etag === entry.etag ? before : await copy(entry, { from: blobs, to })
          // What was removed since it was listed is not part of the app any more.
          if (!is) return
          if (is !== before) made.push(is)
          copied.set(is.path, is)
        })
        if (made.length > 0) await to.blobs.append(path, made.map(blob => `${JSON.stringify(blob)}\n`).join(''))
      }
    }
  }
  for (const path of known.keys()) if (!copied.has(path)) await to.blobs.remove(`${to.prefix}/blobs/${path}`)
  return indexed([...copied.values()], { to, say })
}

async function copy(
  { path, etag }: BlobEntry,
  { from, to }: { from: Blobs; to: Place },
): Promise<BackedUpBlob | undefined> {
  const bytes = await from.read(path)
  if (!bytes) return undefined
  await to.blobs.write(`${to.prefix}/blobs/${path}`, bytes)
  return { path, etag, bytes: bytes.length, sha256: sha256Of(bytes) }
}

async function indexed(
  all: readonly BackedUpBlob[],
  { to, say }: { to: Place; say: (line: string) => void },
): Promise<BackedUpBlobs[]> {
  const indexes: BackedUpBlobs[] = []
  for (const container of backedUpContainers) {
    const of = all.filter(({ path }) => path.startsWith(`${container}/`)).sort((a, b) => (a.path < b.path ? -1 : 1))
    const index = await writeLines(
      `index/${container}.jsonl.gz`,
      of.map(blob => JSON.stringify(blob)),
      to,
    )
    indexes.push({ container, blobs: of.length, bytes: of.reduce((sum, { bytes }) => sum + bytes, 0), index })
    say(`blobs ${container}: ${of.length}`)
  }
  return indexes
}
