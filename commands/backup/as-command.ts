import { BackupError } from '../../shared/backup/backup-error.ts'
import { SettingsError } from '../../shared/schemas/settings/parse.ts'
import { UsageError } from '../evaluate/usage-error.ts'

const unreachable: readonly unknown[] = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']

/** The status of a command's work: 2 where the command line is wrong, 1 where it cannot be done for reasons that are told. */
export async function asCommand(work: () => Promise<number>): Promise<number> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`${error.message}. See --help.`)
      return 2
    }
    console.error(reasonOf(error))
    return 1
  }
}

/** @throws what was thrown, where it is a bug */
function reasonOf(error: unknown): string {
  if (error instanceof BackupError || error instanceof SettingsError) return error.message
  if (error instanceof Error && 'code' in error && unreachable.includes(error.code)) {
    return `Nobody answers: ${error.message}. \`npm start\` runs the local stack; what to set for a deployed shop: docs/recovery.md`
  }
  throw error
}
