import { execFile, execFileSync } from 'node:child_process'
import { promisify } from 'node:util'
import { z } from 'zod'

/** Secrets by name; one that the vault does not have is left out. */
export type Secrets = Readonly<Record<string, string>>

/** Where secrets are read from: at once while the app is loaded, which waits for nothing, and later beside its work. */
export interface KeyVault {
  readonly uri: string
  readNow(names: readonly string[]): Secrets
  read(names: readonly string[]): Promise<Secrets>
}

const Printed = z.record(z.string(), z.string())
/** A cold start of a managed identity takes some seconds. */
const options = { encoding: 'utf8', timeout: 30_000 } as const

/**
 * A vault that the app's identity reads, by a program of its own (docs/decisions/0017): Azure's packages for it take
 * 38 MB and a third of a second, which the app's own process does not pay.
 * @param program the file of functions/read-secrets.ts
 */
export function keyVault(uri: string, program: string): KeyVault {
  const command = (names: readonly string[]) => [program, uri, ...names]
  return {
    uri,
    readNow: names => {
      try {
        return Printed.parse(JSON.parse(execFileSync(process.execPath, command(names), { ...options, stdio: 'pipe' })))
      } catch (cause) {
        throw failure(uri, cause)
      }
    },
    read: async names => {
      try {
        const { stdout } = await promisify(execFile)(process.execPath, command(names), options)
        return Printed.parse(JSON.parse(stdout))
      } catch (cause) {
        throw failure(uri, cause)
      }
    },
  }
}

const Failed = z.object({ stderr: z.string() })

/** What the program told; its output is left out, as it may hold what was read. */
function failure(uri: string, cause: unknown): Error {
  const { data } = Failed.safeParse(cause)
  return new Error(`Cannot read secrets of ${uri}: ${data?.stderr.trim() || 'the program that reads them failed'}`)
}
