import { candidateRows } from './candidate-rows.ts'
import { headerRows } from './header-rows.ts'
import { adjacencyRows, countedRows, tripleRows } from './headerless-rows.ts'
import { emptyTable, type IdNumbers, type InteractionTable, type RowReader } from './interaction-table.ts'

export const interactionFormats = ['csv', 'tsv', 'triples', 'adjacency', 'counted'] as const
export type InteractionFormat = (typeof interactionFormats)[number]

/** The unpacked bytes of a file, and the name that errors call it by. */
export interface InteractionFile {
  name: string
  format: InteractionFormat
  bytes: AsyncIterable<Uint8Array>
}

/** A file that cannot be read in full; nothing is judged on a part of it. */
export class InteractionFileError extends Error {
  override readonly name = 'InteractionFileError'
}

/**
 * Reads a file of interactions, giving each new user and item the next number of `ids`.
 * @throws InteractionFileError naming file, row, column and value where a row does not fit
 */
export function readInteractions(file: InteractionFile, ids: IdNumbers): Promise<InteractionTable> {
  return readRows(file, rowReader(file.format), ids)
}

/**
 * Reads the items that are to be ranked for each user: a file of the same format, or `(user,item)` and then the items.
 * @throws InteractionFileError naming file, row, column and value where a row does not fit
 */
export function readCandidates(file: InteractionFile, ids: IdNumbers): Promise<InteractionTable> {
  return readRows(file, candidateRows(rowReader(file.format)), ids)
}

function rowReader(format: InteractionFormat): RowReader {
  switch (format) {
    case 'csv':
      return headerRows(',')
    case 'tsv':
      return headerRows('\t')
    case 'triples':
      return tripleRows
    case 'adjacency':
      return adjacencyRows
    case 'counted':
      return countedRows
  }
}

async function readRows({ name, bytes }: InteractionFile, read: RowReader, ids: IdNumbers): Promise<InteractionTable> {
  const table = emptyTable()
  let row = 0
  for await (const line of linesOf(bytes)) {
    row += 1
    if (line.trim() === '') continue
    const problem = read(line, { row, table, ids })
    if (!problem) continue
    const { column, value, reason } = problem
    throw new InteractionFileError(`${name}, row ${row}, column ${column} ${reason}: current value is '${value}'`)
  }
  if (table.userOf.length === 0) throw new InteractionFileError(`${name} holds no interactions`)
  return table
}

async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line
  }
  yield rest
}
