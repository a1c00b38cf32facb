import { parseArgs } from 'node:util'
import { type DeadLetter, deadLetterFiles } from '../shared/ingest/dead-letters/dead-letters.ts'
import { replayDeadLetters } from '../shared/ingest/dead-letters/replay-dead-letters.ts'
import { asCommand } from './backup/as-command.ts'
import { openShop } from './backup/open-shop.ts'
import { UsageError } from './evaluate/usage-error.ts'

const help = `Events that were kept aside as they broke their contract: what they are, and in again.

  npm run dead-letters -- list [--prefix PATH]
  npm run dead-letters -- replay [--prefix PATH]

  list      files with how many events they hold, and why those were refused
  replay    sends what the contract takes by now to its hub again; the rest stays where it is
  --prefix  only files whose paths begin with it, like dead-letter/interactions/date=2026-11-22
  --help

The shop is that of the app's settings in the environment, or without them the running local stack.
Status 1: nothing could be done, or replay left events aside; 2: the command line is wrong.`

// Senders to the hubs stay connected, and would keep the process.
process.exit(await asCommand(() => main(process.argv.slice(2))))

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parsed(args)
  if (values.help) {
    console.log(help)
    return 0
  }
  const [action = 'none'] = positionals
  if (action !== 'list' && action !== 'replay') {
    throw new UsageError(`The action must be list or replay: current value is ${action}`)
  }
  const { ports } = openShop()
  return action === 'list' ? list(values.prefix, ports) : replay(values.prefix, ports)
}

type Shop = ReturnType<typeof openShop>['ports']

async function list(prefix: string, { blobs }: Shop): Promise<number> {
  for await (const { path, letters } of deadLetterFiles(blobs, prefix)) {
    console.log(`${path}: ${letters.length}`)
    for (const line of tally(letters.flatMap(({ reasons }) => reasons))) console.log(`  ${line}`)
  }
  return 0
}

async function replay(prefix: string, ports: Shop): Promise<number> {
  let left = 0
  for await (const { path, sent, refused } of replayDeadLetters(prefix, ports)) {
    console.log(`${path}: ${sent} sent again`)
    for (const line of tally(refused)) console.log(`  still refused: ${line}`)
    left += refused.length
  }
  return left > 0 ? 1 : 0
}

function tally(reasons: readonly Pick<DeadLetter['reasons'][number], 'field' | 'reason'>[]): string[] {
  const times = Map.groupBy(reasons, ({ field, reason }) => `${field} ${reason}`)
  return [...times].map(([reason, all]) => `${all.length} x ${reason}`)
}

function parsed(args: string[]) {
  const options = {
    prefix: { type: 'string', default: 'dead-letter/' },
    help: { type: 'boolean', default: false },
  } as const
  try {
    return parseArgs({ args, options, allowPositionals: true })
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message.replace(/\.$/, '') : String(cause), { cause })
  }
}
