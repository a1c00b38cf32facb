import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { type Csr, csrFromTriples } from '../../shared/algorithms/csr.ts'

/** A file of baskets that cannot be read, in a sentence for whoever gave it. */
export class BasketFileError extends Error {
  override readonly name = 'BasketFileError'
}

/** Baskets by number, each item once a basket, and what the items are called. */
export interface BasketFile {
  baskets: Csr
  names: string[]
}

/** Lines between two words of progress. */
const linesToldEach = 500_000

/**
 * Reads a basket a line, items with commas between them and quotes as in CSV; .gz is unpacked. Blanks around an item and items
 * without a name do not count, and a line without items is no basket.
 * @throws BasketFileError when the file cannot be read, a quote is not closed, or there is no basket
 */
export async function readBaskets(path: string, step: (text: string) => void): Promise<BasketFile> {
  const numbers = new Map<string, number>()
  const rowOf: number[] = []
  const columnOf: number[] = []
  let lines = 0
  let rows = 0
  for await (const line of linesOf(path)) {
    lines += 1
    if (lines % linesToldEach === 0) step(`${lines.toLocaleString('en')} lines read`)
    const before = columnOf.length
    for (const cell of cellsOf(lines === 1 ? line.replace(/^\uFEFF/, '') : line, { path, number: lines })) {
      const name = cell.trim()
      if (name === '') continue
      let item = numbers.get(name)
      if (item === undefined) {
        item = numbers.size
        numbers.set(name, item)
      }
      rowOf.push(rows)
      columnOf.push(item)
    }
    if (columnOf.length > before) rows += 1
  }
  if (rows === 0)
    throw new BasketFileError(`${path} has no basket: give a file with a basket a line, items with commas`)
  const values = new Float32Array(columnOf.length).fill(1)
  const baskets = csrFromTriples({ rows, columns: numbers.size, rowOf, columnOf, valueOf: values })
  return { baskets, names: [...numbers.keys()] }
}

async function* linesOf(path: string): AsyncIterable<string> {
  const file = createReadStream(path)
  const input = path.toLowerCase().endsWith('.gz') ? file.pipe(createGunzip()) : file
  if (input !== file) file.on('error', error => input.destroy(error))
  try {
    yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })
  } catch (cause) {
    throw new BasketFileError(`Cannot read ${path}: ${cause instanceof Error ? cause.message : cause}`, { cause })
  }
}

/** Most lines have no quotes, and are split a hundred times as fast. */
function cellsOf(line: string, at: { path: string; number: number }): string[] {
  if (!line.includes('"')) return line.split(',')
  try {
    const [cells = []]: string[][] = parse(line, { relax_column_count: true, trim: true })
    return cells
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new BasketFileError(`${at.path}, line ${at.number} cannot be read: ${reason}`, { cause })
  }
}
