import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { startTestApp, type TestAppHost } from '../../local/host/test-app-host.ts'

/** Builds the app of main.ts as the real one is built, and starts it on the local host. */
export async function startGuardedApp(settings: Record<string, string> = {}): Promise<TestAppHost> {
  const appDir = mkdtempSync(join(tmpdir(), 'guarded-app-'))
  await build({
    entryPoints: [join(import.meta.dirname, 'main.ts')],
    outfile: join(appDir, 'main.cjs'),
    ...{ bundle: true, platform: 'node', format: 'cjs', external: ['@azure/functions-core'], logLevel: 'warning' },
  })
  writeFileSync(join(appDir, 'package.json'), JSON.stringify({ name: 'guarded', main: 'main.cjs' }))
  writeFileSync(
    join(appDir, 'host.json'),
    JSON.stringify({ version: '2.0', extensions: { http: { routePrefix: '' } } }),
  )
  return startTestApp(
    { FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '2097152', languageWorkers__node__arguments: '--expose-gc', ...settings },
    { appDir },
  )
}
