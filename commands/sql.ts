import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { type Lake, openLake } from './lake/open-lake.ts'
import { type Format, formats } from './sql/format-rows.ts'
import { generatedFiles } from './sql/generated-files.ts'
import { parseAsOf } from './sql/named-tables.ts'
import { promptForStatements } from './sql/prompt.ts'
import { type Runner, statementRunner } from './sql/runner.ts'
import { splitStatements } from './sql/statements.ts'
import { toldError } from './sql/told-error.ts'

const help = `Asks the lake by SQL (DuckDB), on this machine.

  npm run sql                                                asks for statements
  npm run sql -- "select * from gold.daily_sales limit 10"   answers and ends
  npm run sql < script.sql                                   runs a script

  --lake DIR            a lake in a folder, as \`npm run pipeline\` writes; without it, that of the storage account
                        LAKE_ACCOUNT names (environment, opened by who is signed in), AzureWebJobsStorage names
                        (environment, local.settings.json), or of the running local stack
  --format table        table, csv or json
  --as-of VERSION|TIME  every table as of its version, or as of a time: 3, 2026-01-31, 2026-01-31T12:00Z
  --scripts             writes what follows from the tables' declaration: infra/analytics/ (views for Synapse, shortcuts for
                        Fabric) and the tables of docs/data-dictionary.md
  --help

Every table stands as gold.daily_sales and as gold_daily_sales; gold.daily_sales@3 and gold.daily_sales@2026-01-31 are
its earlier versions, so that two can be compared in one statement. docs/data-dictionary.md lists tables and columns.
Nothing is written to the lake. Status 1: a statement was refused or nobody answers; 2: the command line is wrong.`

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
    if (values.scripts) return await writeScripts()
    const lake = await openLake(values.lake)
    await using session = await lake.ports.sql.open()
    const asOf = values['as-of'] === undefined ? undefined : parseAsOf(values['as-of'])
    await answerAll(statementRunner({ session, asOf, format: formatOf(values.format) }, lake.ports), {
      lake,
      positionals,
    })
    return 0
  } catch (error) {
    const told = error instanceof UsageError ? `${error.message}. See --help.` : toldError(error)
    if (told === undefined) throw error
    console.error(told)
    return error instanceof UsageError ? 2 : 1
  }
}

async function answerAll(runner: Runner, { lake, positionals }: { lake: Lake; positionals: string[] }): Promise<void> {
  if (positionals.length === 0 && process.stdin.isTTY) return promptForStatements({ ...runner, place: lake.place })
  const script = positionals.length === 0 ? await text(process.stdin) : positionals.join(' ')
  for (const statement of splitStatements(`${script}\n;`).statements) await runner.run(statement)
}

async function writeScripts(): Promise<number> {
  const root = join(import.meta.dirname, '..')
  for (const { path, text: content } of await generatedFiles(root)) {
    await writeFile(join(root, path), content)
    console.log(path)
  }
  return 0
}

function parsed(args: string[]) {
  const options = {
    lake: { type: 'string' },
    format: { type: 'string', default: 'table' },
    'as-of': { type: 'string' },
    scripts: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  } as const
  try {
    return parseArgs({ args, options, allowPositionals: true })
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message.replace(/\.$/, '') : String(cause), { cause })
  }
}

function formatOf(name: string): Format {
  const format = formats.find(each => each === name)
  if (format) return format
  throw new UsageError(`--format must be one of ${formats.join(', ')}: current value is ${name}`)
}
