import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { duckDbSql } from '../shared/adapters/duckdb/sql.ts'
import { generateShop, type Manifest } from './generate/generate-shop.ts'
import { liveTraffic } from './generate/live-traffic.ts'
import { type Profile, profiles } from './generate/profiles.ts'

const help = `Makes the files of a synthetic shop: the same seed gives the same bytes, on any machine.

  npm run generate -- --profile tiny|lakehouse|large --out DIR [options]
  npm run generate -- --live --rate N --minutes M [--profile tiny] [--seed 1] [--url http://127.0.0.1:7071] [--token T]

  --profile P      tiny: 500 users, 1,000 products, 6,000 order lines; lakehouse: 100,000 users, 10,000 products, 5 million
                   order lines, 1 million ratings; large: 1 million users, 100,000 products, 10 million interactions
  --out DIR        where the files go; files of the same names are replaced
  --seed 1         whole number from 0: another seed is another shop
  --days N         how long the history is, up to 2025-12-31 (365 days; lakehouse 730): the same rows, spread thinner or not
  --format csv     of the files for landing/: csv, jsonl or parquet
  --dirty 0        share of the rows that are broken in some known way: 0 to 1
  --live           sends the shop's interactions to a running app instead, as they would come in now: N a second (--rate)
                   for M minutes (--minutes), by npm run replay; --token opens an app that is not npm start's own
  --help

What it writes:
  products/ customers/ orders/ order_items/ ratings/   one file a month, as landing/ takes them
  interactions.jsonl, catalog-changes.jsonl            messages for the hubs, in order of time: npm run replay sends them
  manifest.json                                        rows by kind, broken rows by kind of fault, every file

Users have tastes, items companions; popularity and activity fall as powers; there are weekdays, seasons, growth, returns,
guests, stock-outs, new prices, customers who move. Products have descriptions and tags in the words of their kind; a few
are sold online or in one country alone, a few are for adults, a few are not to be recommended.`

const options = {
  profile: { type: 'string' },
  out: { type: 'string' },
  seed: { type: 'string', default: '1' },
  days: { type: 'string' },
  format: { type: 'string', default: 'csv' },
  dirty: { type: 'string', default: '0' },
  live: { type: 'boolean', default: false },
  token: { type: 'string' },
  rate: { type: 'string' },
  minutes: { type: 'string' },
  url: { type: 'string', default: 'http://127.0.0.1:7071' },
  help: { type: 'boolean', default: false },
} as const

const profileNames = ['tiny', 'lakehouse', 'large'] as const
const formats = ['csv', 'jsonl', 'parquet'] as const
const daysMax = 3650
const seedMax = 2 ** 40
const rateMax = 100_000
const minutesMax = 1_000_000

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
    if (values.live) return await goLive(values)
    await generate(values)
    return 0
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    console.error(`${error.message}. See --help.`)
    return 2
  }
}

async function goLive(values: ReturnType<typeof parsedOptions>): Promise<number> {
  const rate = aboveZero('rate', values.rate, rateMax)
  const minutes = aboveZero('minutes', values.minutes, minutesMax)
  const seed = wholeNumber('seed', values.seed, { min: 0, max: seedMax })
  if (!URL.canParse(values.url)) throw new UsageError(`--url must be a URL: current value is '${values.url}'`)
  return await liveTraffic(profileOf(values.profile ?? 'tiny').profile, {
    ...{ seed, rate, minutes, url: values.url, token: values.token },
  })
}

async function generate(values: ReturnType<typeof parsedOptions>): Promise<void> {
  const { name, profile } = profileOf(values.profile)
  if (values.out === undefined || values.out === '') throw new UsageError('--out is missing: give a directory')
  const days = wholeNumber('days', values.days ?? String(profile.days), { min: 1, max: daysMax })
  const dirty = Number(values.dirty)
  if (values.dirty === '' || !(dirty >= 0 && dirty <= 1)) {
    throw new UsageError(`--dirty must be a share from 0 to 1: current value is '${values.dirty}'`)
  }
  const started = performance.now()
  const seconds = () => (performance.now() - started) / 1000
  const manifest = await generateShop(
    {
      ...{ profile: { ...profile, days }, name, dirty, folder: resolve(values.out) },
      seed: wholeNumber('seed', values.seed, { min: 0, max: seedMax }),
      format: oneOf('format', values.format, formats),
    },
    {
      sql: duckDbSql({ memoryMb: 128, threads: 1 }),
      onMonth: month => console.error(`[${seconds().toFixed(1).padStart(5)} s] ${month}`),
    },
  )
  printSummary(manifest, { folder: resolve(values.out), seconds: seconds() })
}

function parsedOptions(args: string[]) {
  try {
    return parseArgs({ args, options }).values
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message.replace(/\.$/, '') : String(cause), { cause })
  }
}

function profileOf(given: string | undefined): { name: string; profile: Profile } {
  const name = oneOf('profile', given, profileNames)
  return { name, profile: profiles[name] }
}

function oneOf<T extends string>(name: string, value: string | undefined, known: readonly T[]): T {
  const found = known.find(of => of === value)
  if (found !== undefined) return found
  const given = value === undefined ? 'none was given' : `current value is '${value}'`
  throw new UsageError(`--${name} must be one of ${known.join(', ')}: ${given}`)
}

function aboveZero(name: string, text: string | undefined, max: number): number {
  const value = Number(text)
  if (value > 0 && value <= max) return value
  const given = text === undefined ? 'none was given' : `current value is '${text}'`
  throw new UsageError(`--${name} must be a number above 0, at most ${max}: ${given}`)
}

function wholeNumber(name: string, text: string, { min, max }: { min: number; max: number }): number {
  const value = Number(text)
  if (text !== '' && Number.isInteger(value) && value >= min && value <= max) return value
  throw new UsageError(`--${name} must be a whole number from ${min} to ${max}: current value is '${text}'`)
}

function printSummary({ rows, dirty_rows: faults, files }: Manifest, of: { folder: string; seconds: number }): void {
  const { folder, seconds } = of
  const grouped = (count: number) => count.toLocaleString('en')
  for (const [kind, count] of Object.entries(rows)) {
    const broken = Object.values(faults[kind] ?? {}).reduce((sum, value) => sum + value, 0)
    console.error(`${kind}: ${grouped(count)} rows${broken > 0 ? `, ${grouped(broken)} of them broken` : ''}`)
  }
  const all = Object.values(rows).reduce((sum, count) => sum + count, 0)
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  const rate = grouped(Math.round(all / seconds))
  console.error(
    `${folder}: ${files.length} files, ${(bytes / 1e6).toFixed(1)} MB in ${seconds.toFixed(1)} s, ${rate} rows/s`,
  )
}
