import type { Blobs, Ports } from '../ports.ts'
import { BackedUpBlob, type BackupManifest } from '../schemas/backup.ts'
import { appendedContainers, keptContainers } from './containers.ts'
import { forEachOf, type Place, readLines, readWhole } from './place.ts'
import type { Steps } from './restore-steps.ts'

const batch = 200
/** One append takes 4 MiB. */
const appendBytes = 4 * 2 ** 20

/** Writes all blobs back; resolves to how many. Logs, certificates and the audit log that are there stay as they are. */
export async function restoreBlobs(
  manifest: BackupManifest,
  { from, say, steps }: { from: Place; say: (line: string) => void; steps: Steps },
  { blobs }: Pick<Ports, 'blobs'>,
): Promise<number> {
  let sum = 0
  for (const { container, index, blobs: count } of manifest.blobs) {
    const all = await readLines(index, BackedUpBlob, from)
    for (let at = 0; at < all.length; at += batch) {
      const step = `${index.path} ${at}`
      if (steps.has(step)) continue
      await forEachOf(all.slice(at, at + batch), async blob => {
        const bytes = await readWhole(`blobs/${blob.path}`, blob.sha256, from)
        await put(blob.path, bytes, { container, blobs })
      })
      await steps.done(step)
    }
    say(`blobs ${container}: ${count}`)
    sum += count
  }
  return sum
}

async function put(
  path: string,
  bytes: Uint8Array,
  { container, blobs }: { container: string; blobs: Blobs },
): Promise<void> {
  const isAppended = appendedContainers.includes(container)
  if (!isAppended && keptContainers.includes(container)) return void (await blobs.create(path, bytes))
  if (!isAppended) return blobs.write(path, bytes)
  const there = await blobs.read(path)
  // One that is there and longer goes on from what was copied; a shorter one is of a restore that was interrupted.
  if (there && there.length >= bytes.length) return
  if (there) await blobs.remove(path)
  for (const text of inPieces(Buffer.from(bytes).toString())) await blobs.append(path, text)
}

/** Whole lines, as many as one append takes. */
function inPieces(text: string): string[] {
  const pieces: string[] = []
  let piece = ''
  let bytes = 0
  for (const line of text.split(/(?<=\n)/)) {
    const more = Buffer.byteLength(line)
    if (bytes + more > appendBytes) {
      pieces.push(piece)
      piece = ''
      bytes = 0
    }
    piece += line
    bytes += more
  }
  return [...pieces, piece].filter(of => of !== '')
}
