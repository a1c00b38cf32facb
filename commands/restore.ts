import { parseArgs } from 'node:util'
import { restore } from '../shared/backup/restore.ts'
import { asCommand } from './backup/as-command.ts'
import { openShop } from './backup/open-shop.ts'
import { placeOf } from './backup/place-of.ts'
import { UsageError } from './evaluate/usage-error.ts'

const help = `Brings back what npm run backup has copied. Stop the app first, start it afterwards.

  npm run restore -- --from DIR [--replace]
  npm run restore -- --from https://ACCOUNT.blob.core.windows.net/CONTAINER/NAME [--replace]

  --from     the backup: a folder, or one in a container, which \`az login\` opens
  --replace  takes away what the shop has and the backup has not; without it the shop must be empty
  --help

The shop is that of the app's settings in the environment, PSEUDONYM_KEY among them, or without them the running local
stack. Who was erased since stays erased. Called again after an interruption it goes on: docs/recovery.md.
Status 1: it could not be brought back; 2: the command line is wrong.`

process.exitCode = await asCommand(() => main(process.argv.slice(2)))

async function main(args: string[]): Promise<number> {
  const { values } = parsed(args)
  if (values.help) {
    console.log(help)
    return 0
  }
  const from = placeOf('--from', values.from)
  const { settings, place, ports } = openShop()
  const { PSEUDONYM_KEY: pseudonymKey } = settings
  if (pseudonymKey === undefined) throw new UsageError('PSEUDONYM_KEY must be set, to know who was erased')
  console.error(`To ${place}`)
  const say = (line: string) => console.error(`  ${line}`)
  const counts = await restore({ from, replace: values.replace, pseudonymKey, say }, ports)
  console.log(
    `Restored: ${counts.documents} documents, ${counts.expired} expired, ${counts.blobs} blobs; ${counts.erasures} people to be erased again`,
  )
  return 0
}

function parsed(args: string[]) {
  const options = {
    from: { type: 'string' },
    replace: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  } as const
  try {
    return parseArgs({ args, options })
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message.replace(/\.$/, '') : String(cause), { cause })
  }
}
