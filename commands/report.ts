import { spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { DeltaPorts } from '../shared/lake/delta/snapshot.ts'
import { LakeError, openLake } from './lake/open-lake.ts'
import { dataReport } from './report/data-report.ts'
import type { Report } from './report/figure.ts'
import { page } from './report/page.ts'
import { salesReport } from './report/sales-report.ts'
import { segmentsReport } from './report/segments-report.ts'

const reports: Readonly<Record<string, (ports: DeltaPorts) => Promise<Report>>> = {
  data: dataReport,
  sales: salesReport,
  segments: segmentsReport,
}

const help = `Writes a report on the lake as one HTML file with charts and tables.

  npm run report -- data | sales | segments [--lake DIR] [--out FILE.html] [--open]

  data       rows, sparsity, balance, engagement, popularity, freshness, data quality, rejects, table versions
  sales      revenue, orders, what an order brings, growth, categories, channels, countries, products, returns
  segments   lifetime value, churn risk, RFM, loyalty, countries, regions, age

  --lake DIR   a lake in a folder; without it, that of the storage account LAKE_ACCOUNT names (environment, opened by
               who is signed in), AzureWebJobsStorage names (environment, local.settings.json), or of the local stack
  --out FILE   where to write it; reports/NAME.html when not given
  --open       shows it in the browser
  --help

The file needs nothing beside it. Status 1: nobody answers where the lake should be; 2: the command line is wrong.`

/** A command line that cannot be carried out. */
class UsageError extends Error {}

process.exitCode = await main(process.argv.slice(2))

async function main(args: string[]): Promise<number> {
  try {
    const { values, positionals } = parsed(args)
    if (values.help) {
      console.log(help)
      return 0
    }
    const name = positionals.join(' ')
    const make = Object.hasOwn(reports, name) ? reports[name] : undefined
    if (!make) {
      const given = name === '' ? 'none was given' : `current value is ${name}`
      throw new UsageError(`The report must be one of ${Object.keys(reports).join(', ')}: ${given}`)
    }
    const { ports } = await openLake(values.lake)
    const file = resolve(values.out ?? `reports/${name}.html`)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, page(await make(ports)))
    console.log(file)
    if (values.open) show(file)
    return 0
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof LakeError)) throw error
    console.error(error instanceof UsageError ? `${error.message}. See --help.` : error.message)
    return error instanceof UsageError ? 2 : 1
  }
}

function parsed(args: string[]) {
  const options = {
    lake: { type: 'string' },
    out: { type: 'string' },
    open: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  } as const
  try {
    return parseArgs({ args, options, allowPositionals: true })
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message.replace(/\.$/, '') : String(cause), { cause })
  }
}

/** By whatever the system opens files with; the report is written also where there is nothing. */
function show(file: string): void {
  const opener = { darwin: 'open', win32: 'explorer' }[String(process.platform)] ?? 'xdg-open'
  const child = spawn(opener, [file], { stdio: 'ignore', detached: true })
  child.on('error', cause => console.error(`Cannot open ${file} by ${opener}: ${cause.message}`))
  child.unref()
}
