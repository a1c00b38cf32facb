import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { LandingKind } from '../shared/ingest/landing/landing-kinds.ts'
import { lakeOptions } from '../shared/lake/lake-options.ts'
import { SettingsError } from '../shared/schemas/settings/parse.ts'
import { parseLakeSettings, parseTrainingSettings } from '../shared/schemas/settings.ts'
import { trainingOptions } from '../shared/training/options.ts'
import { type BatchSummary, runBatch } from './pipeline/batch.ts'
import { BatchError } from './pipeline/landed-files.ts'
import { pseudonymKey } from './pipeline/pseudonym-key.ts'

const help = `Turns files of a shop into a lake and recommendations, on this machine alone: no Azure, no server.

  npm run pipeline -- --lakehouse-root DIR --orders F --products F --customers F [options]

Files: CSV with a header (comma, semicolon or tab), JSON lines, JSON or Parquet; .gz, too:
  --orders F       order_id, customer_id, ordered_at, item_id, quantity, unit_price: a row per order and item; or without
                   the last three a row per order, its items in --order-items
  --products F     item_id, name, price; category and in_stock where there are any
  --customers F    customer_id; country where there is one
  --order-items F  order_id, item_id, quantity, unit_price
  --ratings F      customer_id, item_id, rating, rated_at
                   product_id for item_id, user_id for customer_id and other usual names are understood; a file
                   F.mapping.json beside a file says what its columns are
Options:
  --lakehouse-root DIR  where the lake is, or is made: run again, it takes in files that are new or have changed, and what
                        it took in before stays; with files it knows it changes nothing
  --rebuild             makes silver and gold anew out of all of bronze
  --limit 10            items per list
  --json                prints the summary as JSON
  --help

What it writes. Delta tables, for npm run sql and any reader of Delta Lake: bronze/ (rows as received), silver/ (cleaned,
each once), gold/ (star schema, summaries, training tables, lists), quarantine/ (rows that broke a rule, each with the
rule, and below quarantine/landing/ those that could not be read). And UTF-8 JSON with one entry a line, which begins with
"generated_at" and "model_version":
  gold/assoc_rules.json           rules: [{antecedent_id, antecedent_name, consequent_id, consequent_name, support,
                                  confidence, lift}] and longer_rules, of several items on the left: [{antecedent_ids,
                                  antecedent_names, consequent_id …}], by confidence
  gold/item_similarity.json       items: [{item_id, name, category, similar: [{item_id, name, category, similarity}]}]
  gold/user_recommendations.json  users: [{user_id, items: [{item_id, name, category, price, score,
                                  reason: {code, text}}]}], customers without orders too

The model's settings are those of the app, from the environment: ALS_FACTORS, POPULARITY_SHARE, RULES_MIN_SUPPORT …
(docs/pipeline.md). Customers' pseudonyms are made with PSEUDONYM_KEY; without it, with a random key that is kept in
DIR/.pseudonym-key. A broken row is listed and the rest goes on: status 0. Status 1: a file cannot be read, or there is
nothing to learn from. Status 2: the command line is wrong.`

const options = {
  'lakehouse-root': { type: 'string' },
  orders: { type: 'string' },
  products: { type: 'string' },
  customers: { type: 'string' },
  'order-items': { type: 'string' },
  ratings: { type: 'string' },
  rebuild: { type: 'boolean', default: false },
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
  const files = givenFiles(values)
  const limit = Number(values.limit)
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) {
    throw new UsageError(`--limit must be a whole number from 1 to 100: current value is '${values.limit}'`)
  }
  const training = trainingOptions(parseTrainingSettings(process.env), { threads: availableParallelism() })
  await mkdir(root, { recursive: true })
  const key = await pseudonymKey(root, process.env.PSEUDONYM_KEY)
  const lake = { ...lakeOptions(parseLakeSettings({ ...process.env, PSEUDONYM_KEY: key })), rebuild: values.rebuild }
  // Beside the lake: what is made in it is moved there, not copied.
  const workDir = await mkdtemp(join(root, '.pipeline-'))
  try {
    const onStage = (record: Readonly<Record<string, unknown>>) => console.error(progressLine(secondsNow(), record))
    const of = { files, root, workDir, training, lake, limit, rejectedMax: rejectedToldMax, onStage }
    const summary = await runBatch(of)
    if (values.json) printJson(summary, { root, seconds: secondsNow() })
    else printSummary(summary, { root, seconds: secondsNow() })
    return summary.failure === undefined ? 0 : 1
  } finally {
    await rm(workDir, { recursive: true, force: true })
  }
}

function givenFiles(values: ReturnType<typeof parsedOptions>): (readonly [LandingKind, string])[] {
  const { 'order-items': orderItems, ratings } = values
  return [
    ['products', needed(values, 'products')],
    ['customers', needed(values, 'customers')],
    ['orders', needed(values, 'orders')],
    ...(orderItems ? [['order_items', orderItems] as const] : []),
    ...(ratings ? [['ratings', ratings] as const] : []),
  ]
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
  const { files, rejected, unchanged, learned, gold, failure } = summary
  const told = {
    lakehouse_root: root,
    seconds,
    files: Object.fromEntries(files.map(({ kind, ...file }) => [kind, file])),
    ...{ rejected, unchanged, learned },
    gold: gold.map(({ path, entries }) => ({ path: join(root, path), entries })),
    ...(failure === undefined ? {} : { error: failure }),
  }
  console.log(JSON.stringify(told, undefined, 2))
}

function printSummary(summary: BatchSummary, { root, seconds }: { root: string; seconds: number }): void {
  const { files, unchanged, learned, gold, failure } = summary
  const rejected = files.reduce((sum, file) => sum + file.rejected, 0)
  printFiles(summary, root)
  if (failure !== undefined) {
    console.error(failure)
    return
  }
  if (unchanged) console.log(`Nothing is new: ${join(root, 'gold')} stays as it is`)
  else {
    const { users = 0, items = 0, baskets = 0, events = 0, duplicates = 0, unknown_items: unknownItems = 0 } = learned
    console.log(
      `Learned from ${grouped(events - duplicates - unknownItems)} interactions: ${grouped(users)} users, ${grouped(items)} items, ${grouped(baskets)} baskets`,
    )
    if (unknownItems > 0) console.log(`  left out, as no product file has their item: ${grouped(unknownItems)}`)
  }
  for (const { path, entries } of gold) console.log(`${join(root, path)}: ${grouped(entries)} entries`)
  const but = rejected > 0 ? `, ${grouped(rejected)} rows rejected` : ''
  console.log(`Done in ${seconds.toFixed(1)} s${but}.`)
}

function printFiles({ files, rejected }: BatchSummary, root: string): void {
  for (const { file, rows, stored, repeated, rejected: refused, known } of files) {
    const again = repeated > 0 ? `, ${grouped(repeated)} repeated` : ''
    const before = known ? '; known from an earlier run' : ''
    console.log(
      `${file}: ${grouped(rows)} rows, ${grouped(stored)} stored${again}, ${grouped(refused)} rejected${before}`,
    )
  }
  for (const { file, row, column, value, reason } of rejected) {
    const at = column === null ? '' : `, column ${column}`
    const current = value === null ? '' : `: current value is ${JSON.stringify(value)}`
    console.log(`  ${file}, row ${row}${at} ${reason}${current}`)
  }
  const more = files.reduce((sum, file) => sum + file.rejected, 0) - rejected.length
  if (more > 0) console.log(`  and ${grouped(more)} more, all in ${join(root, 'quarantine')}`)
}

function grouped(count: number): string {
  return count.toLocaleString('en')
}
