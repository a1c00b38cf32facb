import { existsSync, readFileSync } from 'node:fs'
import { appendFile, mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { formatRows } from './format-rows.ts'
import type { Runner } from './runner.ts'
import { isStatement, splitStatements } from './statements.ts'
import { tableColumns, tableList } from './table-list.ts'
import { toldError } from './told-error.ts'

const help = `  A statement ends with a semicolon and may take several lines.
  .tables                     the tables that are there: rows, size, version
  .schema gold.daily_sales    a table's columns and what they mean
  .help  .quit
  from gold.daily_sales@3     a table as of a version, or of a time: @2026-01-31T12:00Z`

const historyFile = join(homedir(), '.local', 'state', 'sidecart', 'sql-history')
const historyMax = 1_000

/** Asks for statements and answers them until .quit or the end of the input; an error is told and the next may come. */
export async function promptForStatements({ place, run, ports }: Runner & { place: string }): Promise<void> {
  console.log(`The lake at ${place}. .help tells what there is.`)
  const prompt = createInterface({
    input: process.stdin,
    output: process.stdout,
    history: pastLines(),
    historySize: historyMax,
  })
  prompt.setPrompt('lake> ')
  prompt.prompt()
  let pending = ''
  for await (const line of prompt) {
    if (line.trim() !== '') await remember(line)
    if (pending === '' && line.trim() === '.quit') break
    try {
      if (pending === '' && line.trim().startsWith('.')) console.log(await dotCommand(line.trim(), ports))
      else pending = await runEnded(`${pending}${line}\n`, run)
    } catch (error) {
      pending = ''
      const told = toldError(error)
      if (told === undefined) throw error
      console.log(told)
    }
    prompt.setPrompt(pending === '' ? 'lake> ' : '  ... ')
    prompt.prompt()
  }
  prompt.close()
}

async function dotCommand(line: string, ports: Runner['ports']): Promise<string> {
  const [command, argument = ''] = line.replace(/;$/, '').split(/\s+/)
  switch (command) {
    case '.tables': {
      const tables = await tableList(ports)
      return tables.length === 0 ? 'No table has been written yet.' : formatRows(tables, 'table')
    }
    case '.schema': {
      const { about, columns } = tableColumns(argument)
      return `${about}\n${formatRows(columns, 'table')}`
    }
    case '.help':
      return help
    default:
      return `There is no ${command}: .tables, .schema, .help and .quit are there`
  }
}

/** Runs what semicolons end; gives what is not ended yet. */
async function runEnded(text: string, run: Runner['run']): Promise<string> {
  const { statements, rest } = splitStatements(text)
  for (const statement of statements) await run(statement)
  return isStatement(rest) ? `${rest}\n` : ''
}

/** Newest first, as the library wants them. */
function pastLines(): string[] {
  if (!existsSync(historyFile)) return []
  return readFileSync(historyFile, 'utf8').trimEnd().split('\n').slice(-historyMax).reverse()
}

async function remember(line: string): Promise<void> {
  await mkdir(dirname(historyFile), { recursive: true })
  await appendFile(historyFile, `${line}\n`)
}
