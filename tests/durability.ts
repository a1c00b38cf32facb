import { parseArgs } from 'node:util'
import { type DurabilityRun, reportDurability } from './durability-run.ts'

const help = `Kills a server of the local stack with kill -9 under load, again and again, and counts what it had acknowledged and lost.
run kills the worker of refreshes, and counts published documents and factors that are not what an undisturbed one leaves.
lake kills writers of one Delta table, eight of which commit at once, at least 1,000 times.
dirty-shop strikes the workers that take generated files into the lake, a fifth of their rows broken: a shop a round.
placements kills nothing: products change while 100 shops a round, made by chance, are asked for lists; lost is what is forbidden or missing.
fuzz kills nothing: every operation is asked 50 requests a round that chance makes of its description; lost is what is not answered as documented.
bicep-mutants kills nothing: every fault that a reader would make is planted in the templates; lost is what no policy tells, beyond 1 in 20.

  npm run durability -- cosmos|event-hubs|host|run|lake|dirty-shop|placements|fuzz|bicep-mutants [--rounds 100] [--json]

The exit code is 1 when anything is lost.`

/** Where each run is, and the name of its function; none is loaded but the one asked for. */
const runs: Readonly<Record<string, readonly [file: string, name: string]>> = {
  cosmos: ['../local/cosmos/cosmos-durability.ts', 'cosmosDurability'],
  'event-hubs': ['../local/event-hubs/event-hubs-durability.ts', 'eventHubsDurability'],
  host: ['../local/host/host-durability.ts', 'hostDurability'],
  run: ['./run-durability.ts', 'runDurability'],
  lake: ['./lake-durability.ts', 'lakeDurability'],
  'dirty-shop': ['./dirty-shop-durability.ts', 'dirtyShopDurability'],
  placements: ['./placement-durability.ts', 'placementDurability'],
  fuzz: ['./contract/fuzz.ts', 'fuzzDurability'],
  'bicep-mutants': ['./infra/bicep-durability.ts', 'bicepDurability'],
}

try {
  process.exit(await main())
} catch (cause) {
  console.error(cause instanceof Error ? cause.message : String(cause))
  process.exit(1)
}

async function main(): Promise<0 | 1> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '100' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const [server] = positionals
  if (values.help || server === undefined) {
    console.log(help)
    return values.help ? 0 : 1
  }
  const run = runs[server]
  if (run === undefined || positionals.length > 1) {
    throw new RangeError(
      `The server must be one of ${Object.keys(runs).join(', ')}: current value is ${positionals.join(' ')}`,
    )
  }
  const rounds = Number(values.rounds)
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new RangeError(`--rounds must be an integer of at least 1: current value is ${values.rounds}`)
  }
  return reportDurability(await loaded(...run), { server, rounds, json: values.json, print: line => console.log(line) })
}

async function loaded(file: string, name: string): Promise<DurabilityRun> {
  const module: Readonly<Record<string, DurabilityRun | undefined>> = await import(new URL(file, import.meta.url).href)
  const run = module[name]
  if (run === undefined) throw new Error(`${file} exports no ${name}`)
  return run
}
