import { hash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { buildApp } from './build.ts'
import { packageFiles } from './package/package-files.ts'
import { packedSizes, zip } from './package/zip.ts'
import { projectRoot } from './project-root.ts'

/** Every new instance fetches the package before it answers. */
const megabytesMax = 70
const help = `Builds the app and packs what Azure is given: the zip that One Deploy takes, for linux-x64.

  npm run package -- [--out FILE.zip] [--json]

  --out FILE   where to write it; dist/sidecart.zip when not given, where the next build removes it
  --json       {file, bytes, sha256, seconds, parts: [{part, files, bytes, packed_bytes}]} instead of a table
  --help

It holds host.json, package.json, the built programs with what lies beside them, and native packages of one platform alone:
anything else, or a zip of more than ${megabytesMax} MB, is an error. The same commit gives the same bytes on every machine.
Status 1: it cannot be packed, and why; 2: the command line is wrong.`

process.exitCode = await main(process.argv.slice(2))

async function main(args: string[]): Promise<number> {
  const { values, problem } = parsed(args)
  if (problem !== undefined) {
    console.error(`${problem}. See --help.`)
    return 2
  }
  if (values.help) {
    console.log(help)
    return 0
  }
  try {
    const packed = await pack(resolve(values.out ?? join(projectRoot, 'dist/sidecart.zip')))
    if (values.json) console.log(JSON.stringify(packed, undefined, 2))
    else print(packed)
    return 0
  } catch (cause) {
    console.error(cause instanceof Error ? cause.message : String(cause))
    return 1
  }
}

function parsed(args: string[]) {
  const options = {
    out: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  } as const
  try {
    return { values: parseArgs({ args, options }).values }
  } catch (cause) {
    return { values: {}, problem: cause instanceof Error ? cause.message.replace(/\.$/, '') : String(cause) }
  }
}

type Packed = Awaited<ReturnType<typeof pack>>

async function pack(file: string) {
  const started = performance.now()
  const dist = join(projectRoot, 'dist')
  await buildApp(dist)
  const zipped = zip(packageFiles({ root: projectRoot, dist }))
  if (zipped.length > megabytesMax * 1e6) {
    throw new Error(`The package must have at most ${megabytesMax} MB: it has ${megabytes(zipped.length)} MB`)
  }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, zipped)
  return {
    ...{ file, bytes: zipped.length, sha256: hash('sha256', zipped) },
    seconds: Number(((performance.now() - started) / 1000).toFixed(1)),
    parts: [...Map.groupBy(packedSizes(zipped), ({ path }) => partOf(path))].map(([part, files]) => ({
      ...{ part, files: files.length },
      bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      packed_bytes: files.reduce((sum, { packedBytes }) => sum + packedBytes, 0),
    })),
  }
}

/** A package of its own, or a file or folder of the app. */
function partOf(path: string): string {
  const [first = '', second = '', third = ''] = path.split('/')
  if (first === 'node_modules') return second.startsWith('@') ? `${first}/${second}/${third}` : `${first}/${second}`
  return second === '' ? first : `${first}/${second}`
}

function print({ file, bytes, sha256, seconds, parts }: Packed): void {
  const row = (part: string, count: string, size: string, packed: string) =>
    console.log(`  ${part.padEnd(44)}${count.padStart(6)}${size.padStart(10)}${packed.padStart(10)}`)
  row('', 'files', 'MB', 'packed MB')
  for (const { part, files, bytes: size, packed_bytes: packed } of parts) {
    row(part, String(files), megabytes(size), megabytes(packed))
  }
  console.log(`${file}: ${megabytes(bytes)} MB in ${seconds} s, sha256 ${sha256}`)
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(2)
}
