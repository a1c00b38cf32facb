import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build, stop } from 'esbuild'
import { projectRoot } from './project-root.ts'
import { serveTask } from './task-process.ts'

/** What Azure is given in dist/: the app, and beside it what runs in a process of its own. */
export const programs = ['main', 'read-secrets'] as const
/** Libraries of the machine's own, which no bundle can hold. */
export const nativePackages = ['@duckdb/node-api'] as const

/**
 * Bundles the programs to dist/, as Azure is given them. CommonJS, as the Functions host finds no functions in an ES module
 * bundle; @azure/functions-core stays outside, as the host itself supplies it, and so do native packages.
 */
export async function buildApp(
  outdir: string = join(projectRoot, 'dist'),
): Promise<{ seconds: number; bytes: number }> {
  const started = performance.now()
  rmSync(outdir, { recursive: true, force: true })
  const { metafile } = await build({
    entryPoints: programs.map(name => join(projectRoot, `functions/${name}.ts`)),
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    external: ['@azure/functions-core', ...nativePackages],
    // The table's SQL files lie beside the bundle.
    define: { 'import.meta.dirname': '__dirname' },
    sourcemap: 'linked',
    minifySyntax: true,
    minifyWhitespace: true,
    // An error shows the line it came from.
    lineLimit: 200,
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  })
  cpSync(join(projectRoot, 'shared/lake/sql'), join(outdir, 'sql'), { recursive: true })
  for (const file of ['swagger-ui.css', 'swagger-ui-bundle.js']) {
    cpSync(join(projectRoot, 'node_modules/swagger-ui-dist', file), join(outdir, 'docs', file))
  }
  // esbuild's service would stay with 250 MB for as long as this process lives.
  await stop()
  const bytes = Object.values(metafile.outputs).reduce(
    (most, output) => Math.max(most, output.entryPoint ? output.bytes : 0),
    0,
  )
  return { seconds: (performance.now() - started) / 1000, bytes }
}

if (import.meta.main && process.send) {
  serveTask(() => buildApp())
} else if (import.meta.main) {
  const { seconds, bytes } = await buildApp()
  console.log(`dist/main.cjs: ${(bytes / 1e6).toFixed(1)} MB in ${seconds.toFixed(1)} s`)
}
