import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { logEvents, metrics } from '../shared/schemas/telemetry.ts'

const root = join(import.meta.dirname, '..')
const text = readFileSync(join(root, 'docs/observability.md'), 'utf8')

/** The rows of a table below a heading, cell by cell. */
function rows(heading: string): string[][] {
  const [, section = ''] = text.split(`\n## ${heading}\n`)
  const [table = ''] = section.split('\n## ')
  return table
    .split('\n')
    .filter(line => line.startsWith('| `'))
    .map(line => line.slice(2, -2).split(' | '))
}

const bare = (cell = '') => cell.replaceAll('`', '')

test('docs/observability.md has every metric: its kind, what it says, its labels', () => {
  const told = Object.entries(metrics).map(([name, { kind, help, labels }]) => {
    const sets = Object.entries<readonly string[]>(labels).map(([label, values]) => `${label}: ${values.join(', ')}`)
    return [`\`${name}\``, kind, help, sets.join('; ')]
  })
  expect(rows('Metrics')).toEqual(told)
})

test('docs/observability.md has every event of the log', () => {
  expect(rows('Events')).toEqual(Object.entries(logEvents).map(([name, when]) => [`\`${name}\``, when]))
})

test('docs/observability.md says of every value of host.json why it is so', () => {
  const found = rows('host.json')
  const leaves = leavesOf(JSON.parse(readFileSync(join(root, 'host.json'), 'utf8')))
  expect(found.map(([key, value]) => [bare(key), bare(value)])).toEqual(leaves)
  expect(found.filter(([, , why = '']) => why === '')).toEqual([])
})

test('the host leaves out none of the records that alerts read', () => {
  const leaves = new Map(
    leavesOf(JSON.parse(readFileSync(join(root, 'host.json'), 'utf8'))).map(([key, value]) => [key, value]),
  )
  expect(leaves.get('logging.applicationInsights.samplingSettings.excludedTypes')?.split(';')).toContain('Trace')
  expect(leaves.get('logging.logLevel.Host.Function.Console')).toBe('Information')
})

function leavesOf(value: unknown, path: string[] = []): [string, string][] {
  if (typeof value !== 'object' || value === null) return [[path.join('.'), String(value)]]
  return Object.entries(value).flatMap(([key, each]) => leavesOf(each, [...path, key]))
}
