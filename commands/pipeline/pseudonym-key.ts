import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const name = '.pseudonym-key'

/**
 * The key that pseudonyms of this lake are made with: what the environment says, else one made up for the root when it is
 * first used, which only its owner can read. With another key the same customers are others.
 */
export async function pseudonymKey(root: string, given: string | undefined): Promise<string> {
  if (given !== undefined && given !== '') return given
  const file = join(root, name)
  // Two runs at once agree on the first one's key.
  await writeFile(file, randomBytes(32).toString('hex'), { flag: 'wx', mode: 0o600 }).catch((cause: unknown) => {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause
  })
  return (await readFile(file, 'utf8')).trim()
}
