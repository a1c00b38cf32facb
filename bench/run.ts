import { parseArgs } from 'node:util'
import { type Bench, machine, printTable } from './report.ts'

/** Loaded one at a time: a kernel is not measured in a process that carries SDKs. */
const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  als: async () => (await import('./als.bench.ts')).alsBench,
  dataset: async () => (await import('./dataset.bench.ts')).datasetBench,
  increment: async () => (await import('./increment.bench.ts')).incrementBench,
  'fan-out': async () => (await import('./fan-out.bench.ts')).fanOutBench,
  'top-n': async () => (await import('./top-n.bench.ts')).topNBench,
  neighbours: async () => (await import('./neighbours.bench.ts')).neighboursBench,
  rules: async () => (await import('./rules.bench.ts')).rulesBench,
  sources: async () => (await import('./sources.bench.ts')).sourcesBench,
  refresh: async () => (await import('./refresh.bench.ts')).refreshBench,
  'lake-queries': async () => (await import('./lake-queries.bench.ts')).lakeQueriesBench,
  lake: async () => (await import('./lake.bench.ts')).lakeBench,
  pipeline: async () => (await import('./pipeline.bench.ts')).pipelineBench,
  host: async () => (await import('./host.bench.ts')).hostBench,
  serve: async () => (await import('./serve.bench.ts')).serveBench,
  guards: async () => (await import('./guards.bench.ts')).guardsBench,
  telemetry: async () => (await import('./telemetry.bench.ts')).telemetryBench,
  explain: async () => (await import('./explain.bench.ts')).explainBench,
  placements: async () => (await import('./placements.bench.ts')).placementsBench,
  cosmos: async () => (await import('./cosmos.bench.ts')).cosmosBench,
  export: async () => (await import('./export.bench.ts')).exportBench,
  publish: async () => (await import('./publish.bench.ts')).publishBench,
  ingest: async () => (await import('./ingest.bench.ts')).ingestBench,
  fresh: async () => (await import('./fresh.bench.ts')).freshBench,
  'event-hubs': async () => (await import('./event-hubs.bench.ts')).eventHubsBench,
  'lake-readers': async () => (await import('./lake-readers.bench.ts')).lakeReadersBench,
  contract: async () => (await import('./contract.bench.ts')).contractBench,
  'cold-start': async () => (await import('./cold-start.bench.ts')).coldStartBench,
  start: async () => (await import('./start.bench.ts')).startBench,
}

const help = `Measures Sidecart on this machine.

  npm run bench -- NAME [--large] [--curves] [--alpha A] [--regularization R] [--profile P]
                       [--rate N --seconds S --events E] [--json]

    als, top-n,         beside the library implicit, in turn, quality beside time; the first use installs it into
    neighbours          bench/peers/.venv, and without python3 Sidecart is measured alone
    rules               itemsets of a million baskets beside Borgelt's fpgrowth and eclat, in turn, which the first use builds
                        in bench/peers/.borgelt; rules of the sample shop
    dataset             1M and 10M interactions in bronze to matrices, rules and popularity, with their memory
    fan-out             ten chunks a half-iteration through the run engine, against one
    sources             what a request asks of indexes in memory: user neighbours and content at 100K items and users
    refresh             a whole refresh by the run engine against the local Cosmos and Azurite, stage by stage
    increment           orders of six hours added to the model, against fitting anew; how good that was
    lake-queries        what dashboards ask of gold; the same facts in plain files, by month and in Z-order
    lake                a generated shop's files to gold: seconds by stage and table, peak memory
    pipeline            npm run pipeline on the sample shop's files
    host                what the Functions host adds to an HTTP call, against the same function without it
    serve               answer times at 50 requests a second, and the most answers a second; the real stack
    guards              what identity, checks and headers add to a recommendation, in process
    telemetry           what telemetry adds to a list in processor time, beside one that tells nothing; in process
    explain             whether a list's reasons are true, by taking away what they name; what a vector's list costs
    placements          answer times of every placement at 100 requests a second, 100,000 items; the real stack
    cosmos              the local Cosmos server alone: upserts a second, point reads, point queries, by the real SDK
    publish             lists into the local Cosmos server: all new, none, a tenth and all changed; request units a list
    export              every user's list for e-mail against the local Cosmos and Azurite: users a second, request units a user
    ingest              2,000 interactions a second: accepted, ingested, request units, lag, nothing lost; the real stack
    fresh               from a purchase posted to a changed list; the real stack
    event-hubs          events in, out and both at once through the local Event Hubs broker
    lake-readers        whether delta-rs and Spark read in every table of a lake what Sidecart reads, versions and times included
    contract            Schemathesis against the served OpenAPI document of the real stack: answers that break it
    cold-start          the packed app on one core: loading it, and from the start of a process to the first recommendations
    start               npm start on a fresh state to the first list, and the memory of all processes
    --alpha A, --regularization R
                        als, top-n, neighbours: of Sidecart and of its peer; 40 and 30 when not given
    --rate N, --seconds S, --events E
                        serve: N requests a second for S seconds and nothing else, users by Zipf's law, with what the cache held
                        and the processor time of each process; E events a second are posted beside them, none when not given
    --large             als, top-n: also 1M users x 100K items x 10M interactions
    --curves            als: times from 0.25M to 10M interactions and from 32 to 256 factors instead
    --profile P         refresh: tiny (500 users), medium (100K x 10K x 1M) or large (1M x 100K x 10M, 64 factors,
                        lists of 10); medium when not given. lake: tiny, lakehouse (5M order lines, 1M ratings) or
                        large; lakehouse when not given; lake-queries the same. export: tiny (2K users) or medium (20K)
    --json              {bench, machine, results: [{case, sidecart, peers, ratio, quality}]} instead of a table

Every bench draws from fixed seeds. Figures count on an idle machine only.`

process.exitCode = await main(process.argv.slice(2))

async function main(args: string[]): Promise<number> {
  const flag = { type: 'boolean', default: false } as const
  const options = {
    json: flag,
    large: flag,
    curves: flag,
    profile: { type: 'string' },
    alpha: { type: 'string', default: '40' },
    regularization: { type: 'string', default: '30' },
    rate: { type: 'string' },
    seconds: { type: 'string' },
    events: { type: 'string' },
    help: flag,
  } as const
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  if (values.help) {
    console.log(help)
    return 0
  }
  const [name = ''] = positionals
  const load = Object.hasOwn(benches, name) ? benches[name] : undefined
  if (load === undefined || positionals.length > 1) {
    const given = positionals.length === 0 ? 'none was given' : `current value is '${positionals.join(' ')}'`
    console.error(`The bench must be one of ${Object.keys(benches).join(', ')}: ${given}`)
    return 1
  }
  const bench = await load()
  const results = await bench(text => console.error(text), {
    ...values,
    alpha: Number(values.alpha),
    regularization: Number(values.regularization),
    rate: values.rate === undefined ? undefined : Number(values.rate),
    seconds: values.seconds === undefined ? undefined : Number(values.seconds),
    events: values.events === undefined ? undefined : Number(values.events),
  })
  const on = machine(new Date())
  if (values.json) console.log(JSON.stringify({ bench: name, machine: on, results }, undefined, 2))
  else printTable(name, on, results)
  return 0
}
