import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { nativePackages, programs } from '../build.ts'
import { checkLibrary, nativeFiles } from './native-files.ts'

export interface PackageFile {
  /** With slashes, from the package's root. */
  path: string
  bytes: Uint8Array
}

const Package = z.object({ name: z.string(), version: z.string(), main: z.string() })
/** Maps stay here: a build of the same commit has the same, and no process in Azure would read them. */
const isMap = (path: string) => path.endsWith('.map')
/** All that may be in the package, and how many files of each there are at least. */
const expected: readonly { of: RegExp; least: number }[] = [
  { of: /^host\.json$/, least: 1 },
  { of: /^package\.json$/, least: 1 },
  ...programs.map(name => ({ of: new RegExp(`^dist/${name}\\.cjs$`), least: 1 })),
  { of: /^dist\/docs\/swagger-ui(\.css|-bundle\.js)$/, least: 2 },
  { of: /^dist\/sql\/([a-z]+\/)?[a-z_-]+\.sql$/, least: 1 },
  { of: /^node_modules\/@duckdb\/node-api\/(lib\/.+\.js|package\.json|LICENSE)$/, least: 3 },
  { of: /^node_modules\/@duckdb\/node-bindings\/(duckdb\.js|package\.json|LICENSE)$/, least: 3 },
  {
    of: /^node_modules\/@duckdb\/node-bindings-linux-x64\/(duckdb\.node|libduckdb\.so|package\.json|LICENSE)$/,
    least: 4,
  },
]

/**
 * What One Deploy is to be given, in the order of paths: host.json, what the host reads of package.json, the built programs with
 * what lies beside them, and native packages.
 * @param of.dist where the app was built
 * @throws Error naming what is in there and should not be, or should be and is not
 */
export function packageFiles({ root, dist }: { root: string; dist: string }): PackageFile[] {
  const { name, version, main } = Package.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
  const built = globSync('**/*', { cwd: dist, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .filter(path => !isMap(path))
  const files = [
    { path: 'host.json', bytes: readFileSync(join(root, 'host.json')) },
    { path: 'package.json', bytes: Buffer.from(`${JSON.stringify({ name, version, main }, undefined, 2)}\n`) },
    ...built.map(path => ({ path: `dist${path.slice(dist.length)}`, bytes: readFileSync(path) })),
    ...nativeFiles(nativePackages, root).map(path => ({ path, bytes: readFileSync(join(root, path)) })),
  ]
    .map(({ path, bytes }) => ({ path: path.replaceAll('\\', '/'), bytes }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
  checkContents(files)
  return files
}

/** @throws Error naming every file that is not expected, or what is missing */
export function checkContents(files: readonly PackageFile[]): void {
  const unexpected = files.filter(({ path }) => !expected.some(({ of }) => of.test(path)))
  if (unexpected.length > 0) {
    throw new Error(`The package must not hold ${unexpected.map(({ path }) => path).join(', ')}`)
  }
  for (const { of, least } of expected) {
    const there = files.filter(({ path }) => of.test(path)).length
    if (there >= least) continue
    throw new Error(`The package must hold ${least} or more files like ${of.source}: it has ${there}`)
  }
  for (const { path, bytes } of files) checkLibrary(path, bytes)
}
