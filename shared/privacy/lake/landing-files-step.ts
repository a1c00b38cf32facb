import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { isTaken } from '../../ingest/landing/is-taken.ts'
import { landedAs, landingPrefix } from '../../ingest/landing/landing-kinds.ts'
import { literal } from '../../lake/delta/table-schema.ts'
import type { Ports } from '../../ports.ts'
import type { EraseStep } from '../erasure/erase-step.ts'
import { namesOfPerson } from './mentions.ts'

const dayMs = 86_400_000

/**
 * Files of an ERP as they were dropped, with names and e-mail in clear: one that names the person goes as a whole, as its
 * rows are in bronze: the job's stage `files` takes what waits. One that is still being written stays until it goes by its age.
 */
export const landingFilesStep: EraseStep = {
  store: 'landing',
  about: 'files as the shop’s systems dropped them',
  erase: async (person, { ports, options, progress }) => {
    const names = namesOfPerson(person)
    const entries = await Array.fromAsync(ports.blobs.list(landingPrefix))
    let [removed, waiting] = [0, 0]
    for (const [index, { path, etag }] of entries.entries()) {
      await progress(index / entries.length)
      if (landedAs(path) === 'mapping' || !(await namesPerson(path, etag, names, ports))) continue
      if (!(await isTaken({ path, etag }, ports))) waiting += 1
      else {
        await ports.blobs.remove(path)
        removed += 1
      }
    }
    if (waiting === 0) return { found: removed, removed }
    const note = `${waiting} files were not written to their end: the person's rows are refused when they are taken in`
    const { landing } = options.lake.fileDays ?? {}
    if (landing === undefined) return { found: removed, removed, note }
    const leftUntil = new Date(ports.clock() + landing * dayMs).toISOString()
    return { found: removed, removed, note, leftUntil }
  },
}

async function namesPerson(
  path: string,
  etag: string,
  names: readonly string[],
  { blobs, sql }: Pick<Ports, 'blobs' | 'sql'>,
): Promise<boolean> {
  const local = await blobs.localFile(path, etag)
  if (local === undefined) return false
  if ((await magicOf(local, 4)) !== 'PAR1') return streamHolds(await textOf(local), names)
  await using session = await sql.open()
  const holds = names.map(name => `contains(r::varchar, ${literal(name)})`).join(' or ')
  return (await session.rows(`select 1 from read_parquet(${literal(local)}) r where ${holds} limit 1`)).length > 0
}

async function textOf(file: string): Promise<Readable> {
  const stream = createReadStream(file)
  return (await magicOf(file, 2)) === '\u001f\u008b' ? stream.pipe(createGunzip()) : stream
}

async function magicOf(path: string, length: number): Promise<string> {
  await using file = await open(path)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0)
  return buffer.subarray(0, bytesRead).toString('latin1')
}

/** Whether a name stands in the bytes, as UTF-8 or UTF-16, by itself or within another: too many go rather than too few. */
async function streamHolds(stream: AsyncIterable<Buffer>, names: readonly string[]): Promise<boolean> {
  const sought = names.flatMap(name => [Buffer.from(name), Buffer.from(name, 'utf16le')])
  const overlap = Math.max(...sought.map(({ length }) => length)) - 1
  let before = Buffer.alloc(0)
  for await (const part of stream) {
    const bytes = Buffer.concat([before, part])
    if (sought.some(name => bytes.includes(name))) return true
    before = bytes.subarray(Math.max(0, bytes.length - overlap))
  }
  return false
}
