import { hash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { z } from 'zod'
import type { Blobs } from '../ports.ts'
import { BackupError } from './backup-error.ts'

/** Where a backup is: everything below `prefix`. */
export interface Place {
  blobs: Blobs
  prefix: string
}

export const sha256Of = (bytes: Uint8Array): string => hash('sha256', bytes)

/** Writes records as gzip of JSON lines; resolves to what to look for when they are read. */
export async function writeLines(
  path: string,
  lines: readonly string[],
  { blobs, prefix }: Place,
): Promise<{ path: string; sha256: string }> {
  const bytes = gzipSync(lines.map(line => `${line}\n`).join(''))
  await blobs.write(`${prefix}/${path}`, bytes)
  return { path, sha256: sha256Of(bytes) }
}

/** The records of a file of a backup. @throws BackupError when it is not what was written */
export async function readLines<T>(
  { path, sha256 }: { path: string; sha256: string },
  schema: z.ZodType<T>,
  place: Place,
): Promise<T[]> {
  const bytes = await readWhole(path, sha256, place)
  return linesOf(gunzipSync(bytes)).map(line => schema.parse(JSON.parse(line)))
}

/** A file of a backup. @throws BackupError when it is gone or not what was written */
export async function readWhole(path: string, sha256: string, { blobs, prefix }: Place): Promise<Uint8Array> {
  const bytes = await blobs.read(`${prefix}/${path}`)
  if (bytes && sha256Of(bytes) === sha256) return bytes
  const found = bytes ? `its sha256 is ${sha256Of(bytes)} instead of ${sha256}` : 'it is not there'
  throw new BackupError(`Cannot restore ${prefix}/${path}: ${found}`)
}

/** Records that were appended, one a line; a last one that was cut off is none. */
export async function readJournal<T>(path: string, schema: z.ZodType<T>, blobs: Blobs): Promise<T[]> {
  const bytes = (await blobs.read(path)) ?? new Uint8Array()
  const whole = bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1)
  return linesOf(whole).map(line => schema.parse(JSON.parse(line)))
}

const linesOf = (bytes: Uint8Array): string[] =>
  Buffer.from(bytes)
    .toString()
    .split('\n')
    .filter(line => line !== '')

/** Does work for each, some at a time, in order of start. */
export async function forEachOf<T>(all: readonly T[], work: (one: T) => Promise<void>, atOnce = 8): Promise<void> {
  const left = all.values()
  const worker = async () => {
    for (const one of left) await work(one)
  }
  const done = await Promise.allSettled(Array.from({ length: atOnce }, worker))
  for (const outcome of done) if (outcome.status === 'rejected') throw outcome.reason
}
