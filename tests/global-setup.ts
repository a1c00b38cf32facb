import { buildApp } from '../local/build.ts'

/** The host starts the built app, as Azure does: built once, before any test. */
export default async function setup(): Promise<void> {
  await buildApp()
}
