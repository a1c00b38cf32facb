import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { createGunzip } from 'node:zlib'
import { timeSplit } from '../../shared/models/evaluate.ts'
import { evaluationData } from '../../shared/models/evaluation-data.ts'
import { type HoldOut, holdOut } from '../../shared/models/hold-out.ts'
import { type InteractionTable, noIds } from '../../shared/models/interaction-table.ts'
import {
  type InteractionFile,
  InteractionFileError,
  type InteractionFormat,
  interactionFormats,
  readCandidates,
  readInteractions,
} from '../../shared/models/read-interactions.ts'
import type { StrengthOptions } from '../../shared/training/strength.ts'
import { oneOf, UsageError } from './usage-error.ts'

/** What the command line says of files. */
interface FileOptions {
  train?: string | undefined
  test?: string | undefined
  interactions?: string | undefined
  candidates?: string | undefined
  format?: string | undefined
  /** Of `interactions`. */
  testShare: number
}

/** The files' data, and the part of what is learned from that weights are found on, made when asked for. */
export async function loadFiles(values: FileOptions, strength: StrengthOptions) {
  const ids = noIds()
  const { train, test, interactions, candidates } = values
  const candidateFile = candidates === undefined ? undefined : openFile(candidates, values.format ?? 'triples')
  const ranked = async () => (candidateFile ? { candidates: await readCandidates(candidateFile, ids) } : {})
  const loaded = (file: string, tables: Parameters<typeof evaluationData>[0]) => ({
    name: basename(file),
    data: evaluationData(tables, ids, strength),
    validation: () => evaluationData(holdOut(tables.train, partOf(tables.train), { seed: 1 }), ids, strength),
  })
  if (interactions !== undefined && train === undefined && test === undefined) {
    const table = await readInteractions(openFile(interactions, values.format), ids)
    const split = timeSplit(table, { testShare: values.testShare })
    return loaded(interactions, { train: split.train, test: split.test, ...(await ranked()) })
  }
  if (train === undefined || test === undefined || interactions !== undefined) {
    throw new UsageError('Give either --train and --test, or --interactions')
  }
  const tables = {
    train: await readInteractions(openFile(train, values.format), ids),
    test: await readInteractions(openFile(test, values.format), ids),
  }
  return loaded(train, { ...tables, ...(await ranked()) })
}

/** What weights are found on: the latest part where there are times, else a part of each user's items. */
function partOf({ atOf }: InteractionTable): HoldOut {
  return atOf.length > 0 ? { by: 'time', share: 0.2 } : { by: 'chance', share: 0.15 }
}

function openFile(path: string, format: string | undefined): InteractionFile {
  const ending = /\.([^./\\]+?)(\.gz)?$/.exec(path.toLowerCase())?.[1]
  const known: InteractionFormat[] = oneOf([format ?? ending ?? ''], interactionFormats, `format of ${path}`)
  const [chosen = 'csv'] = known
  return { name: path, format: chosen, bytes: bytesOf(path) }
}

async function* bytesOf(path: string): AsyncIterable<Uint8Array> {
  const file = createReadStream(path)
  const isPacked = path.toLowerCase().endsWith('.gz')
  const stream = isPacked ? file.pipe(createGunzip()) : file
  if (isPacked) file.on('error', error => stream.destroy(error))
  try {
    for await (const chunk of stream) yield chunk
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new InteractionFileError(`Cannot read ${path}: ${reason}`, { cause })
  }
}
