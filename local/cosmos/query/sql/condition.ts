import type { Json } from '../../json.ts'
import { compileQuery } from './compile-query.ts'
import { parseQuery } from './parse-query.ts'

/** Whether a document fulfils a patch's condition, written as `from c where ...`. */
export function matchesCondition(document: Json, condition: string): boolean {
  return compileQuery(parseQuery(`SELECT VALUE true ${condition}`), new Map()).rows(document).length > 0
}
