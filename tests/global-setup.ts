import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildApp } from '../local/build.ts'

/**
 * The host starts the built app, as Azure does: built once, before any test. What tests leave in the folder for temporary
 * files goes with them: workers are ended without a word and cannot tidy up.
 */
export default async function setup(): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'sidecart-test-'))
  process.env.TMPDIR = folder
  await buildApp()
  return () => rmSync(folder, { recursive: true, force: true })
}
