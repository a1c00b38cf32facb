import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import type { Mapping } from './mapping-file.ts'
import { RefusedFile } from './refused-file.ts'

/** A header, or the first sign of JSON, stands in so many bytes. */
const headBytes = 64 * 1024
const delimiters = [',', ';', '\t', '|'] as const

/** How a file is written, as its first bytes tell. */
export type FileFormat =
  | { type: 'csv'; isGzip: boolean; delimiter: string; header: string[] }
  | { type: 'json'; isGzip: boolean; isArray: boolean }
  | { type: 'parquet' }

/** @throws RefusedFile when the header cannot be read */
export async function fileFormat(
  file: string,
  { name, mapping }: { name: string; mapping: Pick<Mapping, 'delimiter' | 'encoding' | 'quote'> },
): Promise<FileFormat> {
  const start = await firstBytes(file)
  if (start.toString('latin1', 0, 4) === 'PAR1') return { type: 'parquet' }
  const isGzip = start[0] === 0x1f && start[1] === 0x8b
  const head = isGzip ? await firstUnzipped(file) : start
  const text = decoded(head, mapping.encoding)
  if (/\.(json|jsonl|ndjson)(\.gz)?$/i.test(name)) {
    return { type: 'json', isGzip, isArray: text.trimStart().startsWith('[') }
  }
  const delimiter = mapping.delimiter ?? delimiterOf(text)
  return { type: 'csv', isGzip, delimiter, header: headerOf(text, { delimiter, quote: mapping.quote }) }
}

async function firstBytes(file: string): Promise<Buffer> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** The whole of it is unzipped once: an archive that breaks off is told by its end alone, and the engine does not look. */
async function firstUnzipped(file: string): Promise<Buffer> {
  const parts: Buffer[] = []
  let bytes = 0
  try {
    await pipeline(createReadStream(file), createGunzip({ chunkSize: 1024 * 1024 }), async unzipped => {
      for await (const part of unzipped) {
        if (bytes < headBytes) parts.push(Buffer.from(part))
        bytes += part.length
      }
    })
  } catch (cause) {
    throw new RefusedFile(`The file cannot be unzipped: ${cause instanceof Error ? cause.message : cause}`, { cause })
  }
  return Buffer.concat(parts).subarray(0, headBytes)
}

function decoded(bytes: Buffer, encoding: Mapping['encoding']): string {
  const label = encoding === 'utf-16' ? 'utf-16le' : encoding === 'latin-1' ? 'latin1' : 'utf-8'
  return new TextDecoder(label).decode(bytes)
}

/** A semicolon in a name of a comma file is part of the name: the header's most frequent separator is the file's. */
function delimiterOf(text: string): string {
  const header = (/^[^\r\n]*/.exec(text)?.[0] ?? '').replace(/"[^"]*"/g, '')
  const count = (delimiter: string) => header.split(delimiter).length
  return delimiters.reduce<string>((most, delimiter) => (count(delimiter) > count(most) ? delimiter : most), ',')
}

function headerOf(text: string, of: { delimiter: string; quote: Mapping['quote'] }): string[] {
  try {
    const [header = []]: string[][] = parse(text, { ...of, to: 1, relax_quotes: true })
    return header.map(name => name.trim())
  } catch (cause) {
    const reason = `its first line is longer than ${headBytes / 1024} KiB, or has a quote that is not closed`
    throw new RefusedFile(`The header cannot be read: ${reason}`, { cause })
  }
}
