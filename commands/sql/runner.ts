import type { AsOf, DeltaPorts } from '../../shared/lake/delta/snapshot.ts'
import type { SqlSession } from '../../shared/ports.ts'
import { type Format, formatRows } from './format-rows.ts'
import { answer } from './lake-queries.ts'

/** Runs statements one after the other and prints what they give. */
export interface Runner {
  run(statement: string): Promise<void>
  ports: DeltaPorts
}

export function statementRunner(
  { session, asOf, format }: { session: SqlSession; asOf: AsOf | undefined; format: Format },
  ports: DeltaPorts,
): Runner {
  const run = async (statement: string) => {
    const started = performance.now()
    const { rows, missing } = await answer(statement, { session, asOf }, ports)
    const ms = Math.round(performance.now() - started)
    for (const path of missing) {
      console.error(`${path} has not been written yet: the job lake does, hourly, and \`npm run pipeline\` on files`)
    }
    const text = formatRows(rows, format)
    if (text !== '') console.log(text)
    if (format === 'table') console.error(`(${rows.length.toLocaleString('en')} rows, ${ms.toLocaleString('en')} ms)`)
  }
  return { run, ports }
}
