import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The query of a table, `silver/orders`: it stands in shared/lake/sql, and beside the bundle once it is built. */
export async function sqlFile(table: string): Promise<string> {
  const text = await readFile(join(sqlFolder, `${table}.sql`), 'utf8')
  return text.trimEnd().replace(/;$/, '')
}

/** `shared/lake/build/../sql`, or `dist/sql` where the bundle has no folders. */
const sqlFolder = join(import.meta.dirname, import.meta.filename.endsWith('.ts') ? '../sql' : 'sql')
