import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { associationRules } from '../shared/algorithms/association-rules.ts'
import { frequentItemsets } from '../shared/algorithms/fp-growth.ts'
import { minCountOf } from '../shared/algorithms/min-count.ts'
import { rankedBaskets } from '../shared/algorithms/ranked-baskets.ts'
import { type NamedRules, rulesAsJson, rulesAsTable } from './rules/print-rules.ts'
import { BasketFileError, readBaskets } from './rules/read-baskets.ts'

const help = `Finds association rules in anyone's baskets: who has the left side has the right side, too.

  npm run rules -- --baskets F --min-support 0.01 --min-confidence 0.5 [options]

  --baskets F           a basket a line, items with commas between them, quotes as in CSV; .gz is unpacked
  --min-support S       share of all baskets, 0 to 1, that must hold both sides
  --min-confidence C    share of the left side's baskets, 0 to 1, that must hold the right side
Options:
  --min-lift L          confidence over the right side's own share (0); above 1 the sides attract each other
  --min-length N        items of both sides (2); 1 also gives rules without a left side
  --max-length N        items of both sides, the right side being one; without it, any number
  --limit N             the N strongest rules; 50 in the table when not given, all in JSON
  --json                {baskets, items, itemsets, rules: [{lhs, rhs, support, confidence, lift, leverage, conviction,
                        count}]} instead of a table; lhs and rhs are lists of names, conviction is null when a rule
                        never fails
  --help

Rules are sorted by confidence, then lift. All counts are exact. Status 1: the file cannot be read, or thresholds let
through more than memory holds. Status 2: the command line is wrong.`

const options = {
  baskets: { type: 'string' },
  'min-support': { type: 'string' },
  'min-confidence': { type: 'string' },
  'min-lift': { type: 'string', default: '0' },
  'min-length': { type: 'string', default: '2' },
  'max-length': { type: 'string' },
  limit: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

/** What half a gigabyte holds. */
const itemsetsMax = 10_000_000
const rulesMax = 2_000_000
const tableRows = 50

type Options = ReturnType<typeof parsedOptions>

/** A command line that cannot be carried out. */
class UsageError extends Error {}

process.exitCode = await main(process.argv.slice(2))

async function main(args: string[]): Promise<number> {
  try {
    const values = parsedOptions(args)
    if (values.help) console.log(help)
    else await print(values.json ? rulesAsJson(await found(values)) : rulesAsTable(await found(values)))
    return 0
  } catch (error) {
    if (error instanceof UsageError) console.error(`${error.message}. See --help.`)
    else if (error instanceof BasketFileError || error instanceof RangeError) console.error(error.message)
    else throw error
    return error instanceof UsageError ? 2 : 1
  }
}

async function found(values: Options): Promise<NamedRules> {
  const path = given(values, 'baskets', 'a file with a basket a line')
  const minSupport = share('min-support', given(values, 'min-support', 'a share from 0 to 1'))
  const minConfidence = share('min-confidence', given(values, 'min-confidence', 'a share from 0 to 1'))
  const minLift = number('min-lift', values['min-lift'])
  const minLength = wholeNumber('min-length', values['min-length'])
  const maxLength = values['max-length'] === undefined ? undefined : wholeNumber('max-length', values['max-length'])
  const limit = values.limit === undefined ? undefined : wholeNumber('limit', values.limit)
  const { baskets, names } = await readBaskets(path, text => console.error(`${path}: ${text}`))
  const minCount = minCountOf(minSupport, baskets.rows)
  const ranked = { ...rankedBaskets(baskets, minCount), rows: baskets.rows }
  const bounds = { minCount, maxItemsets: itemsetsMax, ...(maxLength === undefined ? {} : { maxLength }) }
  const itemsets = frequentItemsets(ranked, bounds)
  if (itemsets.minCount > minCount) {
    throw new RangeError(
      `More than ${itemsetsMax.toLocaleString('en')} itemsets are in at least ${minCount} of ${baskets.rows} baskets: give a higher --min-support or a --max-length`,
    )
  }
  const rules = associationRules(itemsets, { minConfidence, minLift, minLength, maxRules: rulesMax })
  const printed = rules.slice(0, limit ?? (values.json ? rules.length : tableRows))
  const counts = { baskets: baskets.rows, items: baskets.columns, itemsets: itemsets.counts.length }
  return { ...counts, rules: printed, allRules: rules.length, names }
}

/** Waits for whoever reads, so that a long answer does not pile up in memory. */
async function print(lines: Iterable<string>): Promise<void> {
  for (const line of lines) if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain')
}

function parsedOptions(args: string[]) {
  try {
    return parseArgs({ args, options }).values
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message.replace(/\.$/, '') : String(cause), { cause })
  }
}

function given(values: Options, name: 'baskets' | 'min-support' | 'min-confidence', what: string): string {
  const value = values[name]
  if (value !== undefined && value !== '') return value
  throw new UsageError(`--${name} is missing: give ${what}`)
}

function number(name: string, text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && value >= 0 && Number.isFinite(value)) return value
  throw new UsageError(`--${name} must be a number of 0 or more: current value is '${text}'`)
}

function share(name: string, text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && value >= 0 && value <= 1) return value
  throw new UsageError(`--${name} must be a share from 0 to 1: current value is '${text}'`)
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1) return value
  throw new UsageError(`--${name} must be a whole number of 1 or more: current value is '${text}'`)
}
