import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The query of a table, `silver/orders`: it stands in sql/ beside this file, and beside the bundle once it is built. */
export async function sqlFile(table: string): Promise<string> {
  const text = await readFile(join(import.meta.dirname, 'sql', `${table}.sql`), 'utf8')
  return text.trimEnd().replace(/;$/, '')
}
