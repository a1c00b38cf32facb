import { join } from 'node:path'
import { AppSettings } from '../shared/adapters/azure/app-settings.ts'
import { keyVault } from '../shared/adapters/azure/key-vault.ts'

/** Lies beside the bundle. */
const secretsProgram = join(import.meta.dirname, 'read-secrets.cjs')
/** Read once, before anything else of the app is made. */
export const appSettings = new AppSettings(process.env, { vault: uri => keyVault(uri, secretsProgram) })
