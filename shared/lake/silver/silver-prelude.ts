import { pseudonymMacros } from '../build/pseudonym.ts'
import { sqlFile } from '../sql-file.ts'

/** What stands before every query of silver: how texts are read, and `hmac_key` by the shop's key. */
export async function silverPrelude(pseudonymKey: string): Promise<string> {
  return `${await sqlFile('macros')};\n${pseudonymMacros(pseudonymKey)}`
}
