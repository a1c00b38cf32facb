import { parseArgs } from 'node:util'
import { backUp } from '../shared/backup/back-up.ts'
import { asCommand } from './backup/as-command.ts'
import { openShop } from './backup/open-shop.ts'
import { placeOf } from './backup/place-of.ts'
import { UsageError } from './evaluate/usage-error.ts'

const help = `Copies everything the shop has stored: the documents of Cosmos DB, the lake, models, logs, the audit log.

  npm run backup -- --out DIR
  npm run backup -- --out https://ACCOUNT.blob.core.windows.net/CONTAINER/NAME

  --out    where to: a folder that is not there yet, or one in a container, which \`az login\` opens
  --help

The app may go on working. The shop is that of the app's settings in the environment (COSMOS_ENDPOINT,
AzureWebJobsStorage or AzureWebJobsStorage__accountName, ...), or without them the running local stack.
Called again after an interruption it goes on. How to bring it back, and when to: docs/recovery.md.
Status 1: it could not be made; 2: the command line is wrong.`

process.exitCode = await asCommand(() => main(process.argv.slice(2)))

async function main(args: string[]): Promise<number> {
  const { values } = parsed(args)
  if (values.help) {
    console.log(help)
    return 0
  }
  const to = placeOf('--out', values.out)
  const { place, ports } = openShop()
  console.error(`From ${place}`)
  const { id, documents, blobs } = await backUp({ to, say: line => console.error(`  ${line}`) }, ports)
  const bytes = blobs.reduce((sum, of) => sum + of.bytes, 0)
  const counts = [documents.reduce((sum, of) => sum + of.documents, 0), blobs.reduce((sum, of) => sum + of.blobs, 0)]
  console.log(`Backup ${id}: ${counts[0]} documents, ${counts[1]} blobs of ${(bytes / 1e6).toFixed(1)} MB`)
  return 0
}

function parsed(args: string[]) {
  const options = { out: { type: 'string' }, help: { type: 'boolean', default: false } } as const
  try {
    return parseArgs({ args, options })
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message.replace(/\.$/, '') : String(cause), { cause })
  }
}
