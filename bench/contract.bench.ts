import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { buildApp } from '../local/build.ts'
import { startLocalStack } from '../local/local-stack.ts'
import { pythonEnvironment } from './peers/python-environment.ts'
import { type Bench, lone } from './report.ts'
import { withState } from './sample-stack.ts'

/** Cases that Schemathesis makes of each operation by chance, besides those of its examples and edges. */
const casesPerOperation = 100
/**
 * What it is not asked to check: that all that fits the document is taken, as two fields may contradict each other; and that
 * methods which are not there are 405, as the Functions host answers them 404.
 */
const uncheckable = 'positive_data_acceptance,unsupported_method'

/** Schemathesis against the served document of the whole local stack, an empty shop: operations that break what they promise. */
export const contractBench: Bench = async step => {
  const environment = pythonEnvironment(step, 'contract')
  if ('missing' in environment) throw new Error(`Schemathesis cannot run: ${environment.missing}`)
  await buildApp()
  return withState(async stateDir => {
    step('Starting the stack')
    const settings = {
      SERVICE_REQUESTS_PER_SECOND: '0',
      ADDRESS_REQUESTS_PER_SECOND: '0',
      ADDRESS_REFUSALS_PER_SECOND: '0',
    }
    const stack = await startLocalStack({ stateDir, port: 0, settings })
    try {
      const report = join(stateDir, 'junit.xml')
      const started = performance.now()
      await schemathesis([
        ...['run', `${stack.url}/openapi.json`, '--header', `Authorization: Bearer ${stack.token}`],
        ...['--max-examples', String(casesPerOperation), '--exclude-checks', uncheckable, '--continue-on-failure'],
        ...['--seed', '20261122', '--report', 'junit', '--report-junit-path', report, '--no-color'],
      ])
      const seconds = (performance.now() - started) / 1000
      return [lone('schemathesis', { values: [seconds], unit: 's', quality: counted(await readFile(report, 'utf8')) })]
    } finally {
      await stack.stop()
    }
  })

  /** Its exit code is 1 when anything fails, which the report counts; what it prints is the findings. */
  function schemathesis(args: readonly string[]): Promise<void> {
    const python = 'python' in environment ? environment.python : ''
    const child = spawn(join(dirname(python), 'st'), args, { stdio: ['ignore', 'inherit', 'inherit'] })
    return new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', code =>
        code === 0 || code === 1 ? resolve() : reject(new Error(`Schemathesis ended with ${code}`)),
      )
    })
  }
}

function counted(report: string): Record<string, number> {
  const total = (name: string) =>
    Number(new RegExp(`<testsuites[^>]* ${name}="(\\d+)"`).exec(report)?.[1] ?? Number.NaN)
  return {
    cases_per_operation: casesPerOperation,
    operations: total('tests'),
    failures: total('failures'),
    errors: total('errors'),
  }
}
