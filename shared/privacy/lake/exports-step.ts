import { csvOf, ndjsonOf } from '../../exports/part-files.ts'
import type { Blobs } from '../../ports.ts'
import { ExportedList, ExportManifest } from '../../schemas/export.ts'
import { hashOf } from '../../training/content-blobs.ts'
import type { EraseStep } from '../erasure/erase-step.ts'

/** Exported lists: the person's go, and each manifest says what its files hold now. */
export const exportsStep: EraseStep = {
  store: 'exports',
  about: 'lists of all users as files for e-mail and push',
  erase: async ({ ids }, { ports }) => {
    const isPersons = ({ user_id }: ExportedList) => ids.includes(user_id)
    const paths = await Array.fromAsync(ports.blobs.list('exports/'), ({ path }) => path)
    let found = 0
    for (const path of paths.filter(each => each.endsWith('.ndjson'))) {
      const lists = await readLists(path, ports.blobs)
      const kept = lists.filter(list => !isPersons(list))
      if (kept.length === lists.length) continue
      // The rows of the other file follow from these, and so it is written first: these tell whether all is done.
      await ports.blobs.write(path.replace(/ndjson$/, 'csv'), Buffer.from(csvOf(kept)))
      await ports.blobs.write(path, Buffer.from(ndjsonOf(kept)))
      found += lists.length - kept.length
    }
    for (const path of paths.filter(each => each.endsWith('/manifest.json'))) await keepTrue(path, ports.blobs)
    return { found, removed: found }
  },
}

async function readLists(path: string, blobs: Pick<Blobs, 'read'>): Promise<ExportedList[]> {
  const lines = Buffer.from((await blobs.read(path)) ?? [])
    .toString()
    .split('\n')
  return lines.filter(Boolean).map(line => ExportedList.parse(JSON.parse(line)))
}

/** Brings a manifest to what its files are: also after a crash between them and it. */
async function keepTrue(path: string, blobs: Pick<Blobs, 'read' | 'write'>): Promise<void> {
  const bytes = await blobs.read(path)
  if (!bytes) return
  const manifest = ExportManifest.parse(JSON.parse(Buffer.from(bytes).toString()))
  const files = await Promise.all(
    manifest.files.map(async file => {
      const content = await blobs.read(file.path)
      if (!content || hashOf(content) === file.sha256) return file
      const lists = await readLists(file.path.replace(/csv$/, 'ndjson'), blobs)
      const rows = file.format === 'ndjson' ? lists.length : lists.reduce((sum, { items }) => sum + items.length, 0)
      return { ...file, rows, bytes: content.length, sha256: hashOf(content) }
    }),
  )
  const rowsOf = (format: 'csv' | 'ndjson') =>
    files.reduce((sum, file) => sum + (file.format === format ? file.rows : 0), 0)
  const now: ExportManifest = { ...manifest, files, users: rowsOf('ndjson'), rows: rowsOf('csv') }
  const text = JSON.stringify(now)
  if (text !== JSON.stringify(manifest)) await blobs.write(path, Buffer.from(text))
}
