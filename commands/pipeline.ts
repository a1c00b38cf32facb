import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { parseTrainingSettings, SettingsError } from '../shared/schemas/settings.ts'
import { trainingOptions } from '../shared/training/options.ts'
import { BatchError, type BatchSummary, runBatch } from './pipeline/batch.ts'

const help = `Turns files of a shop into recommendations, on this machine alone: no Azure, no server.

  npm run pipeline -- --lakehouse-root DIR --orders F --products F --customers F [options]

Files, CSV with a header (comma, semicolon or tab):
  --orders F       order_id, customer_id, ordered_at, item_id, quantity, unit_price: a row per order and item
  --products F     item_id, name, price; category and in_stock where there are any
  --customers F    customer_id; country where there is one
                   product_id for item_id, user_id for customer_id and other usual names are understood
Options:
  --lakehouse-root DIR  where bronze/, quarantine/ and gold/ are written; run again, it replaces what it wrote
  --limit 10            items per list
  --json                prints the summary as JSON
  --help

What it writes, UTF-8 JSON with one entry a line; each begins with "generated_at" and "model_version":
  gold/assoc_rules.json           rules: [{antecedent_id, antecedent_name, consequent_id, consequent_name, support,
                                  confidence, lift}], by confidence
  gold/item_similarity.json       items: [{item_id, name, category, similar: [{item_id, name, category, similarity}]}]
  gold/user_recommendations.json  users: [{user_id, items: [{item_id, name, category, price, score,
                                  reason: {code, text}}]}], customers without orders too
  bronze/orders/                  the order lines that could be read, with _source, _row, _ingested_at, _row_hash
  quarantine/                     the rows that could not: row, column, value, reason and the row itself

The model's settings are those of the app, from the environment: ALS_FACTORS, POPULARITY_SHARE, RULES_MIN_SUPPORT …
(docs/pipeline.md). A broken row is listed and the rest goes on: status 0. Status 1: a file cannot be read, or there is
nothing to learn from. Status 2: the command line is wrong.`

const options = {
  'lakehouse-root': { type: 'string' },
  orders: { type: 'string' },
  products: { type: 'string' },
  customers: { type: 'string' },
  limit: { type: 'string', default: '10' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

/** Rejected rows told; all of them are in quarantine/. */
const rejectedToldMax = 20

/** A command line that cannot be carried out. */
class UsageError extends Error {}

process.exitCode = await main(process.argv.slice(2))

async function main(args: string[]): Promise<number> {
  try {
    const values = parsedOptions(args)
    if (values.help) {
      console.log(help)
      return 0
    }
    return await pipeline(values)
  } catch (error) {
    if (error instanceof UsageError) console.error(`${error.message}. See --help.`)
    else if (error instanceof BatchError || error instanceof SettingsError) console.error(error.message)
    else throw error
    return error instanceof UsageError ? 2 : 1
  }
}

async function pipeline(values: ReturnType<typeof parsedOptions>): Promise<number> {
  const started = performance.now()
  const secondsNow = () => Math.round(performance.now() - started) / 1000
  const root = resolve(needed(values, 'lakehouse-root'))
  const files = {
    products: needed(values, 'products'),
    customers: needed(values, 'customers'),
    orders: needed(values, 'orders'),
  }
  const limit = Number(values.limit)
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) {
    throw new UsageError(`--limit must be a whole number from 1 to 100: current value is '${values.limit}'`)
  }
  const training = trainingOptions(parseTrainingSettings(process.env), { threads: availableParallelism() })
  const workDir = await mkdtemp(join(tmpdir(), 'sidecart-pipeline-'))
  try {
    const onStage = (record: Readonly<Record<string, unknown>>) => console.error(progressLine(secondsNow(), record))
    const summary = await runBatch({ files, root, workDir, training, limit, onStage })
    if (values.json) printJson(summary, { root, seconds: secondsNow() })
    else printSummary(summary, { root, seconds: secondsNow() })
    return summary.failure === undefined ? 0 : 1
  } finally {
    await rm(workDir, { recursive: true, force: true })
  }
}

function parsedOptions(args: string[]) {
  try {
    return parseArgs({ args, options }).values
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message.replace(/\.$/, '') : String(cause), { cause })
  }
}

function needed(
  values: ReturnType<typeof parsedOptions>,
  name: 'lakehouse-root' | 'orders' | 'products' | 'customers',
): string {
  const value = values[name]
  if (value !== undefined && value !== '') return value
  throw new UsageError(`--${name} is missing: give ${name === 'lakehouse-root' ? 'a directory' : 'a CSV file'}`)
}

/** `[  1.2 s] matrix: users 1,024, items 3,306`: what a stage counted, zeros and times left out. */
function progressLine(seconds: number, record: Readonly<Record<string, unknown>>): string {
  const { stage, run: _, chunk: __, level: ___, duration_ms: ____, request_units: _____, ...rest } = record
  const told = Object.entries(rest).filter(([, value]) => value !== 0)
  const counts = told.map(([name, value]) => `${name} ${typeof value === 'number' ? grouped(value) : value}`)
  return `[${seconds.toFixed(1).padStart(5)} s] ${stage}: ${counts.join(', ')}`
}

function printJson(summary: BatchSummary, { root, seconds }: { root: string; seconds: number }): void {
  const { files, rejected, learned, gold, failure } = summary
  const told = {
    lakehouse_root: root,
    seconds,
    files,
    rejected: rejected.slice(0, rejectedToldMax),
    learned,
    gold: gold.map(({ path, entries }) => ({ path: join(root, path), entries })),
    ...(failure === undefined ? {} : { error: failure }),
  }
  console.log(JSON.stringify(told, undefined, 2))
}

function printSummary(summary: BatchSummary, { root, seconds }: { root: string; seconds: number }): void {
  const { files, rejected, learned, gold, failure } = summary
  for (const { file, rows, stored, unchanged, rejected: refused } of Object.values(files)) {
    const repeated = unchanged > 0 ? `, ${grouped(unchanged)} repeated` : ''
    console.log(`${file}: ${grouped(rows)} rows, ${grouped(stored)} stored${repeated}, ${grouped(refused)} rejected`)
  }
  for (const { file, row, column, value, reason } of rejected.slice(0, rejectedToldMax)) {
    console.log(`  ${file}, row ${row}, column ${column} ${reason}: current value is ${JSON.stringify(value)}`)
  }
  if (rejected.length > rejectedToldMax) {
    console.log(`  and ${grouped(rejected.length - rejectedToldMax)} more, all in ${join(root, 'quarantine')}`)
  }
  if (failure !== undefined) {
    console.error(failure)
    return
  }
  const { users = 0, items = 0, baskets = 0, events = 0, duplicates = 0, unknown_items: unknownItems = 0 } = learned
  console.log(
    `Learned from ${grouped(events - duplicates - unknownItems)} order lines: ${grouped(users)} users, ${grouped(items)} items, ${grouped(baskets)} baskets`,
  )
  if (duplicates > 0) console.log(`  left out, as their order has the item already: ${grouped(duplicates)}`)
  if (unknownItems > 0) console.log(`  left out, as the products file lacks their item: ${grouped(unknownItems)}`)
  for (const { path, entries } of gold) console.log(`${join(root, path)}: ${grouped(entries)} entries`)
  const but = rejected.length > 0 ? `, ${grouped(rejected.length)} rows rejected` : ''
  console.log(`Done in ${seconds.toFixed(1)} s${but}.`)
}

function grouped(count: number): string {
  return count.toLocaleString('en')
}
