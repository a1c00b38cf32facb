import { createHash } from 'node:crypto'
import { constants, createReadStream } from 'node:fs'
import { access, copyFile, link, mkdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { LandingKind } from '../../shared/ingest/landing/landing-kinds.ts'
import { readManifest } from '../../shared/ingest/landing/landing-manifest.ts'
import type { Blobs } from '../../shared/ports.ts'

/** The files cannot be turned into recommendations: a sentence for the person who gave them. */
export class BatchError extends Error {}

export interface LandedFile {
  kind: LandingKind
  /** As it was given. */
  file: string
  /** In the lake: named by its content, so that a file that is given again is known, whatever it is called by then. */
  path: string
  /** An earlier run took the same content in. */
  isKnown: boolean
}

/** Characters of the content's sha256 in a file's name. */
const hashLength = 16
const formats = /\.(?:csv|tsv|json|jsonl|ndjson|parquet)(?:\.gz)?$/i

/**
 * Puts files where the lake looks for what is dropped, below `workDir`, once all of them can be read; those that the lake
 * has already are left out.
 * @throws BatchError naming the file that cannot be read
 */
export async function landFiles(
  files: readonly (readonly [LandingKind, string])[],
  { workDir, blobs }: { workDir: string; blobs: Blobs },
): Promise<LandedFile[]> {
  for (const [, file] of files) await reading(file, () => access(file, constants.R_OK))
  const landed: LandedFile[] = []
  for (const [kind, file] of files) {
    const path = `landing/${kind}/${kind}-${await reading(file, () => hashOf(file))}${formatOf(file)}`
    const isKnown = (await readManifest(path, blobs))?.status === 'completed'
    landed.push({ kind, file, path, isKnown })
    if (!isKnown) await reading(file, () => put(file, join(workDir, path)))
  }
  return landed
}

/** A file without an ending that tells its format is CSV. */
const formatOf = (file: string) => formats.exec(basename(file))?.[0].toLowerCase() ?? '.csv'

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const bytes of createReadStream(file)) hash.update(bytes)
  return hash.digest('hex').slice(0, hashLength)
}

/** Links the file, and the mapping file beside it where there is one; copies them where links do not reach. */
async function put(file: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true })
  await linkOrCopy(file, target)
  const mapping = `${file}.mapping.json`
  if (await isThere(mapping)) await linkOrCopy(mapping, `${target}.mapping.json`)
}

async function linkOrCopy(file: string, target: string): Promise<void> {
  await link(file, target).catch(() => copyFile(file, target))
}

const isThere = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  )

async function reading<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (cause) {
    throw new BatchError(`Cannot read ${file}: ${cause instanceof Error ? cause.message : cause}`, { cause })
  }
}
