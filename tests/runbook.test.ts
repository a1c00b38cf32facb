import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { scheduledJobs } from '../shared/operations/schedule/scheduled-jobs.ts'
import { ScheduleName } from '../shared/schemas/schedule.ts'
import { ScheduleSettings } from '../shared/schemas/settings/schedules.ts'
import { settingNames } from '../shared/schemas/settings.ts'
import { logEvents, metrics } from '../shared/schemas/telemetry.ts'
import { answeringShop, apiOver } from './api-by-hand.ts'

const root = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const pages = ['docs/runbook.md', 'docs/recovery.md']
const runbook = read('docs/runbook.md')
const Named = z.array(z.object({ name: z.string() }))
const Alerts = z.object({ log: Named, metric: Named })
const Scripts = z.object({ scripts: z.record(z.string(), z.string()) })
const Profiles = z.object({ starter: z.object({ settings: z.record(z.string(), z.string()) }) })

/** What stands under a heading of the second level. */
const section = (title: string) => runbook.split(/^## /m).find(text => text.startsWith(`${title}\n`)) ?? ''

test('every alert has its section in the runbook, with a first look or a fix, and no section is of another', () => {
  const { log, metric } = Alerts.parse(JSON.parse(read('infra/bicep/alerts.json')))
  const sections = section('Alerts').split(/^### /m).slice(1)
  expect(sections.map(text => text.split('\n')[0]).sort()).toEqual([...log, ...metric].map(({ name }) => name).sort())
  expect(sections.filter(text => !/\*\*First look\*\*|\*\*Fix\*\*|see `|`ask /.test(text))).toEqual([])
})

test.each(pages)('%s names only commands, files, settings, metrics and events that there are', page => {
  const text = read(page)
  const { scripts } = Scripts.parse(JSON.parse(read('package.json')))
  const commands = [...text.matchAll(/npm run ([\w-]+)/g)].map(([, name = '']) => name)
  expect(commands.filter(name => !(name in scripts))).toEqual([])
  const links = [...text.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, path = '']) => join('docs', path))
  expect(links.filter(path => !existsSync(join(root, path)))).toEqual([])
  const settings = [...text.matchAll(/`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)`/g)].map(([, name = '']) => name)
  const known: readonly string[] = settingNames
  expect(settings.filter(name => !known.includes(name))).toEqual([])
  const told = [...text.matchAll(/sidecart_(\w+)/g)].map(([, name = '']) => name)
  expect(told.filter(name => !(name in metrics))).toEqual([])
  const events = [...text.matchAll(/event\) == '(\w+)'|the event `(\w+)`/g)].map(([, of, other]) => of ?? other ?? '')
  expect(events.filter(name => !(name in logEvents))).toEqual([])
})

test.each(pages)('%s asks only for routes that there are, by methods they have', async page => {
  const routes = Object.values(apiOver(await answeringShop()).all).map(
    ({ method, path }) => [method, new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`)] as const,
  )
  const text = read(page)
  const written = [...text.matchAll(/`?(GET|POST|PUT|DELETE) (\/[\w/{}-]*[\w}])/g)].map(([, method, path]) => [
    method,
    path,
  ])
  const asked = [...text.matchAll(/ask '?(\/[\w/-]+)[^`\n]*/g)].map(([call, path]) => {
    const method = /--request (\w+)/.exec(call)?.[1] ?? (call.includes('--json') ? 'POST' : 'GET')
    return [method, path]
  })
  const all = [...written, ...asked]
  expect(all.length).toBeGreaterThan(page.includes('runbook') ? 20 : 4)
  expect(
    all.filter(([method, path]) => !routes.some(([of, pattern]) => of === method && pattern.test(path ?? ''))),
  ).toEqual([])
})

test('the table of schedules is that of the code, and of the profile starter', () => {
  const rows = [...section('Schedule').matchAll(/^\| `([\w-]+)` \| (\w+) \| `([^`]+)` \| (?:`([^`]+)`)? ?\|/gm)]
  const settings = ScheduleSettings.parse({ SWEEP_SCHEDULE: 'any' })
  const { starter } = Profiles.parse(JSON.parse(read('infra/bicep/profiles.json')))
  const settingOf = (name: string): keyof typeof settings =>
    `${name.toUpperCase().replace('-', '_')}_SCHEDULE` as keyof typeof settings
  const expected = ScheduleName.options.map(name => {
    const schedule = settings[settingOf(name)]
    const text = typeof schedule === 'object' ? (schedule.cron ?? 'off') : String(schedule)
    return [name, scheduledJobs[name].kind, text, starter.settings[settingOf(name)]]
  })
  expect(rows.map(([, ...cells]) => cells).sort()).toEqual(expected.sort())
  expect(section('Schedule')).toContain(`| \`SWEEP_SCHEDULE\` | \`${starter.settings.SWEEP_SCHEDULE}\` |`)
})
