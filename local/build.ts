import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build, stop } from 'esbuild'
import { projectRoot } from './project-root.ts'
import { serveTask } from './task-process.ts'

/**
 * Bundles the app to dist/main.cjs, as Azure is given it, and beside it the program that reads secrets. CommonJS, as the Functions host finds no functions in an ES
 * module bundle; @azure/functions-core stays outside, as the host itself supplies it, and so does
 * DuckDB, which is a library of the machine's own.
 */
export async function buildApp(): Promise<{ seconds: number; bytes: number }> {
  const started = performance.now()
  const outdir = join(projectRoot, 'dist')
  rmSync(outdir, { recursive: true, force: true })
  const { metafile } = await build({
    entryPoints: [join(projectRoot, 'functions/main.ts'), join(projectRoot, 'functions/read-secrets.ts')],
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    external: ['@azure/functions-core', '@duckdb/node-api'],
    // The table's SQL files lie beside the bundle.
    define: { 'import.meta.dirname': '__dirname' },
    sourcemap: 'linked',
    minifySyntax: true,
    minifyWhitespace: true,
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
  serveTask(buildApp)
} else if (import.meta.main) {
  const { seconds, bytes } = await buildApp()
  console.log(`dist/main.cjs: ${(bytes / 1e6).toFixed(1)} MB in ${seconds.toFixed(1)} s`)
}
