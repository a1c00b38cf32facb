import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { estimate } from '../shared/operations/cost/estimate.ts'
import { defaultTraffic } from '../shared/operations/cost/traffic.ts'
import { costTable } from './cost/cost-table.ts'
import { estimateAsText } from './cost/estimate-text.ts'

const run = promisify(execFile)
const program = new URL('./cost.ts', import.meta.url).pathname
const cost = (...args: string[]) => run(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...args])

const shop = { users: 10, items: 20, eventsPerDay: 30, requestsPerDay: 40 }

test('npm run cost gives the lines as JSON, whose dollars add up', async () => {
  const given = ['--users', '10', '--items', '20', '--events-per-day', '30', '--requests-per-day', '40', '--json']
  const { stdout } = await cost(...given)
  const told = JSON.parse(stdout)
  expect(told).toEqual(JSON.parse(JSON.stringify(estimate({ ...defaultTraffic, ...shop }, 'starter'))))
  const sum = told.lines.reduce((total: number, line: { dollars: number }) => total + line.dollars, 0)
  expect(told.dollars).toBeCloseTo(sum, 9)
})

test.each([
  [['--users', '10'], '--items is missing: give a number of 0 or more. See --help.'],
  [
    ['--users', 'x', '--items', '1', '--events-per-day', '1', '--requests-per-day', '1'],
    "--users must be a number of 0 or more: current value is 'x'. See --help.",
  ],
  [
    ['--users', '1', '--items', '1', '--events-per-day', '1', '--requests-per-day', '1', '--profile', 'big'],
    "--profile must be starter or enterprise: current value is 'big'. See --help.",
  ],
])('npm run cost refuses %j with a sentence', async (args, sentence) => {
  await expect(cost(...args)).rejects.toMatchObject({ code: 2, stderr: `${sentence}\n` })
})

test('the table ends with the total, the price of a thousand lists and what gives way first', () => {
  const text = estimateAsText(estimate({ ...defaultTraffic, ...shop }, 'starter'))
  const lines = text.split('\n')
  expect(lines[0]).toBe('starter: 10 users, 20 items, 30 events and 40 lists a day')
  expect(text).toMatch(/\ntotal a month +13\.\d\d\n/)
  expect(text).toContain('This is within the budget of $15.')
  expect(text).toContain('What gives way first')
  expect(estimateAsText(estimate({ ...defaultTraffic, ...shop, requestsPerDay: 1e6 }, 'starter'))).toContain(
    'This is above the budget of $15.',
  )
})

test('docs/cost.md has the table as npm run cost -- --table prints it', () => {
  const page = readFileSync(new URL('../docs/cost.md', import.meta.url), 'utf8')
  expect(page).toContain(`\n${costTable()}\n`)
})
