import type { Ports } from '../ports.ts'
import type { StageContext } from '../runs/stage.ts'
import { type ExportedList, ExportOutcome, ExportPart } from '../schemas/export.ts'
import { hashOf } from '../training/content-blobs.ts'
import { csvOf, ndjsonOf } from './part-files.ts'

type Run = Pick<StageContext, 'runId' | 'ports'>

/** Where the files of an export lie. */
export interface ExportFolder extends Run {
  /** `exports/{placement}/{date}/{run}` */
  folder: string
}

/**
 * Writes one part of an export, named by its first user, and what it came to. What `make` gave is kept with the run by
 * whoever is first, and the files follow from that alone: made twice, or by two at once, they are the same.
 */
export async function writePart(
  from: number,
  of: ExportFolder & { make: () => Promise<readonly ExportOutcome[]> },
): Promise<ExportPart> {
  const { runId, ports, folder } = of
  const outcomes = await decided(`runs/${runId}/export/outcomes/${numbered(from)}.ndjson`, of.make, ports)
  const lists = outcomes.filter(outcome => 'items' in outcome)
  const write = async (format: 'csv' | 'ndjson', text: string, rows: number) => {
    const bytes = Buffer.from(text)
    const path = `${folder}/part-${numbered(from)}.${format}`
    await ports.blobs.write(path, bytes)
    return { path, rows, bytes: bytes.length, sha256: hashOf(bytes) }
  }
  const part: ExportPart = {
    users: lists.length,
    skipped: counted(outcomes.flatMap(outcome => ('skipped' in outcome ? [outcome.skipped] : []))),
    model_versions: counted(lists.map(({ model_version: version }) => version ?? 'none')),
    csv: await write('csv', csvOf(lists), rowsOf(lists)),
    ndjson: await write('ndjson', ndjsonOf(lists), lists.length),
  }
  await ports.blobs.write(`${partsFolder(runId)}${numbered(from)}.json`, Buffer.from(JSON.stringify(part)))
  return part
}

/** What the parts of a run came to, in order. */
export async function readParts({ runId, ports }: Run): Promise<ExportPart[]> {
  const parts: ExportPart[] = []
  for await (const { path } of ports.blobs.list(partsFolder(runId))) {
    const bytes = await ports.blobs.read(path)
    if (!bytes) throw new Error(`Cannot read ${path}: it was there a moment ago`)
    parts.push(ExportPart.parse(JSON.parse(new TextDecoder().decode(bytes))))
  }
  return parts
}

const partsFolder = (runId: string) => `runs/${runId}/export/parts/`
const numbered = (from: number) => from.toString().padStart(9, '0')
const rowsOf = (lists: readonly ExportedList[]) => lists.reduce((sum, { items }) => sum + items.length, 0)

async function decided(
  path: string,
  make: () => Promise<readonly ExportOutcome[]>,
  { blobs }: Pick<Ports, 'blobs'>,
): Promise<readonly ExportOutcome[]> {
  const before = await readOutcomes(path, blobs)
  if (before) return before
  const made = await make()
  const lines = made.map(outcome => `${JSON.stringify(outcome)}\n`).join('')
  if (await blobs.create(path, Buffer.from(lines))) return made
  return (await readOutcomes(path, blobs)) ?? made
}

async function readOutcomes(path: string, blobs: Ports['blobs']): Promise<ExportOutcome[] | undefined> {
  const bytes = await blobs.read(path)
  if (!bytes) return undefined
  const lines = new TextDecoder().decode(bytes).split('\n').slice(0, -1)
  return lines.map(line => ExportOutcome.parse(JSON.parse(line)))
}

function counted(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}
