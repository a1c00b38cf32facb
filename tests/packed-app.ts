import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LocalStack } from '../local/local-stack.ts'
import { packageFiles } from '../local/package/package-files.ts'
import { unpack, zip } from '../local/package/zip.ts'
import { projectRoot } from '../local/project-root.ts'

/** Packs the built app as a deployment does, though without deflating it, and unpacks it into `folder`. */
export function unpackApp(folder: string): void {
  unpack(zip(packageFiles({ root: projectRoot, dist: join(projectRoot, 'dist') }), { level: 0 }), folder)
}

/** The native libraries of packages that the processes of the functions have in memory, as Linux tells. */
export function nativeLibraries({ host }: LocalStack): string[] {
  const maps = host.workers().flatMap(({ pid }) => readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n'))
  const paths = maps.map(line => line.slice(line.indexOf('/')))
  return [...new Set(paths)].filter(path => /\.(node|so)$/.test(path) && path.includes('/node_modules/')).sort()
}
