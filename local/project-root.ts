import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of package.json. */
export const projectRoot = dirname(dirname(fileURLToPath(import.meta.url)))

/** Where child processes keep compiled code: type stripping costs each 30 MB the first time, and nothing afterwards. */
export const compileCache = join(projectRoot, 'node_modules/.cache/sidecart')
