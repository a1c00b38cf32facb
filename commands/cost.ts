import { parseArgs } from 'node:util'
import { estimate } from '../shared/operations/cost/estimate.ts'
import { defaultTraffic, Traffic } from '../shared/operations/cost/traffic.ts'
import { DeploymentProfile } from '../shared/schemas/settings/cost.ts'
import { costTable } from './cost/cost-table.ts'
import { estimateAsText } from './cost/estimate-text.ts'
import { UsageError } from './evaluate/usage-error.ts'

const help = `Estimates what a month of Sidecart costs in Azure, line by line, before anything is deployed.

  npm run cost -- --users 10000 --items 2000 --events-per-day 50000 --requests-per-day 100000 [options]

  --users N               people the shop knows
  --items N               products
  --events-per-day N      what shoppers do: views, carts, purchases
  --requests-per-day N    lists that are asked for
Options:
  --profile NAME          starter, enterprise (starter): infra/bicep/profiles.json
  --refreshes-per-day N   how often lists are made anew (${defaultTraffic.refreshesPerDay})
  --events-per-post N     events that one request posts together (${defaultTraffic.eventsPerPost})
  --lists-together N      lists that a page asks for at the same moment (${defaultTraffic.listsTogether})
  --impressions-share S   share of lists, 0 to 1, that the app itself reports as impressions (${defaultTraffic.impressionsShare})
  --table                 the table of docs/cost.md: some shops in both profiles
  --json                  {profile, traffic, lines: [{service, unit, quantity, included, price, dollars}], dollars,
                          dollarsPerThousandLists, budgetDollars, billedSecondsADay, bounds: [{what, says,
                          requestsPerDay, eventsPerDay}]}
  --help

List prices in US dollars (shared/schemas/prices.ts), 730 hours. How it is reckoned, and what is not in it: docs/cost.md.
Status 2: the command line is wrong.`

const options = {
  users: { type: 'string' },
  items: { type: 'string' },
  'events-per-day': { type: 'string' },
  'requests-per-day': { type: 'string' },
  profile: { type: 'string', default: 'starter' },
  'refreshes-per-day': { type: 'string' },
  'events-per-post': { type: 'string' },
  'lists-together': { type: 'string' },
  'impressions-share': { type: 'string' },
  table: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

/** Options that are of the traffic, by its names. */
const trafficOptions = {
  users: 'users',
  items: 'items',
  eventsPerDay: 'events-per-day',
  requestsPerDay: 'requests-per-day',
  refreshesPerDay: 'refreshes-per-day',
  eventsPerPost: 'events-per-post',
  listsTogether: 'lists-together',
  impressionsShare: 'impressions-share',
} as const satisfies Record<keyof Traffic, keyof typeof options>

process.exitCode = main(process.argv.slice(2))

function main(args: string[]): number {
  try {
    const values = parsedOptions(args)
    if (values.help) console.log(help)
    else if (values.table) console.log(costTable())
    else {
      const found = estimate(trafficOf(values), profileOf(values.profile))
      console.log(values.json ? JSON.stringify(found, null, 2) : estimateAsText(found))
    }
    return 0
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    console.error(`${error.message}. See --help.`)
    return 2
  }
}

type Values = ReturnType<typeof parsedOptions>

function parsedOptions(args: string[]) {
  try {
    return parseArgs({ args, options }).values
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message.replace(/\.$/, '') : String(cause), { cause })
  }
}

function profileOf(name: string): DeploymentProfile {
  const parsed = DeploymentProfile.safeParse(name)
  if (parsed.success) return parsed.data
  throw new UsageError(`--profile must be starter or enterprise: current value is '${name}'`)
}

function trafficOf(values: Values): Traffic {
  const given = Object.entries(trafficOptions).flatMap(([field, option]) => {
    const text = values[option]
    if (text === undefined && field in defaultTraffic) return []
    if (text === undefined) throw new UsageError(`--${option} is missing: give a number of 0 or more`)
    return [[field, text.trim() === '' ? Number.NaN : Number(text)]]
  })
  const parsed = Traffic.safeParse({ ...defaultTraffic, ...Object.fromEntries(given) })
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const option = trafficOptions[String(issue?.path[0]) as keyof Traffic]
  throw new UsageError(`--${option} ${issue?.message}: current value is '${values[option]}'`)
}
