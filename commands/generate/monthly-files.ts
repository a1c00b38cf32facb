import { mkdirSync } from 'node:fs'
import { seededRandom } from '../../shared/algorithms/random.ts'
import type { Sql } from '../../shared/ports.ts'
import { faultDraws, faultsOf } from './faults.ts'
import { type FileKind, messageKinds, rowKinds } from './file-kinds.ts'
import { type Format, shopFile, type WrittenFile } from './shop-file.ts'

type Row = Readonly<Record<string, unknown>>

/** The files of a history: of rows one of each kind a month, of messages one of each kind; broken as asked for. */
export function monthlyFiles(of: { folder: string; format: Format; dirty: number; seed: number; sql: Sql }) {
  const { folder, format, dirty, seed, sql } = of
  const kinds = [...rowKinds, ...messageKinds]
  const isMessage = (kind: FileKind) => messageKinds.some(name => name === kind)
  const formatOf = (kind: FileKind) => (isMessage(kind) ? 'jsonl' : format)
  const draws = new Map(
    kinds.map((kind, number) => {
      // A sequence for each kind, so that rows of one move no fault of another; below 0, as the shop draws from above.
      const random = seededRandom(-1 - seed * kinds.length - number)
      return [kind, faultDraws(faultsOf(kind, formatOf(kind)), dirty, random)] as const
    }),
  )
  const written: WrittenFile[] = []
  const open = new Map<FileKind, ReturnType<typeof shopFile>>()
  let month = ''
  const fileOf = (kind: FileKind) => {
    const at = open.get(kind)
    if (at) return at
    if (!isMessage(kind)) mkdirSync(`${folder}/${kind}`, { recursive: true })
    const path = isMessage(kind) ? kind : `${kind}/${kind}-${month}`
    const file = shopFile({ folder, path, kind, format: formatOf(kind) })
    open.set(kind, file)
    return file
  }
  const close = async (kind: FileKind) => {
    const file = open.get(kind)
    if (file) written.push(await file.close(sql))
    open.delete(kind)
  }
  return {
    add: (kind: FileKind, row: Row): void => fileOf(kind).add(row, draws.get(kind)?.next()),
    /** Ends the month's files; rows go into the next month's from here on. */
    begin: async (next: string): Promise<void> => {
      for (const kind of rowKinds) await close(kind)
      month = next
    },
    /** Ends all files; tells each of them, and the faults of each kind. */
    end: async () => {
      for (const kind of kinds) await close(kind)
      const faults = Object.fromEntries([...draws].map(([kind, { counts }]) => [kind, counts]))
      return { files: written.toSorted((a, b) => (a.path < b.path ? -1 : 1)), faults }
    },
  }
}
