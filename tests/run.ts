import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { projectRoot } from '../local/project-root.ts'

const help = `Runs every check of the project: formatting and lint, types, unused code, and the tests.

  npm test -- [options]
    --only NAME     one check: lint, types, unused, tests
    --filter TEXT   only test files whose path holds TEXT
    --help`

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    filter: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(help)
  process.exit(0)
}

const Report = z.object({ numPassedTests: z.int(), numFailedTests: z.int() })
const reportDir = mkdtempSync(join(tmpdir(), 'sidecart-tests-'))
const reportFile = join(reportDir, 'report.json')
const checks = [
  { name: 'lint', bin: 'biome', args: ['check', '.'] },
  { name: 'types', bin: 'tsc', args: ['--noEmit', '-p', projectRoot] },
  { name: 'unused', bin: 'knip', args: [] },
  {
    name: 'tests',
    bin: 'vitest',
    args: [
      ...['run', '--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`],
      ...(values.filter === undefined ? [] : [values.filter]),
    ],
  },
].filter(({ name }) => values.only === undefined || name === values.only)
if (checks.length === 0) {
  console.error(`--only must be lint, types, unused or tests: current value is ${values.only}`)
  process.exit(1)
}

const started = performance.now()
let passed = 0
let failed = 0
for (const { name, bin, args } of checks) {
  const before = performance.now()
  const ok = await runs(bin, args)
  const seconds = ((performance.now() - before) / 1000).toFixed(1)
  console.log(`${name}: ${ok ? 'passed' : 'FAILED'} (${seconds} s)\n`)
  const counted = name === 'tests' ? testCounts(ok) : { passed: ok ? 1 : 0, failed: ok ? 0 : 1 }
  passed += counted.passed
  failed += counted.failed
}
rmSync(reportDir, { recursive: true, force: true })
console.log(`${checks.map(({ name }) => name).join(', ')} in ${((performance.now() - started) / 1000).toFixed(0)} s`)
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)

function runs(bin: string, args: readonly string[]): Promise<boolean> {
  // The package's own entry under this Node, whatever Node the machine has on its PATH.
  const child = spawn(join(projectRoot, 'node_modules/.bin', bin), args, {
    cwd: projectRoot,
    stdio: 'inherit',
    env: {
      ...process.env,
      PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}`,
      NO_COLOR: '1',
    },
  })
  return new Promise(resolve => {
    child.once('error', () => resolve(false))
    child.once('exit', code => resolve(code === 0))
  })
}

/** A run that ended badly without a failed test, as by a crash while loading, counts as one failure. */
function testCounts(ok: boolean): { passed: number; failed: number } {
  try {
    const { numPassedTests, numFailedTests } = Report.parse(JSON.parse(readFileSync(reportFile, 'utf8')))
    return { passed: numPassedTests, failed: ok ? numFailedTests : Math.max(1, numFailedTests) }
  } catch (cause) {
    console.error(`The tests left no report: ${cause instanceof Error ? cause.message : cause}`)
    return { passed: 0, failed: 1 }
  }
}
