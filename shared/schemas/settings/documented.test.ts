import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { factsOf, type SettingName, Settings, settingNames } from '../settings.ts'

const text = readFileSync(join(import.meta.dirname, '../../../docs/configuration.md'), 'utf8')
const table = text.slice(text.indexOf('## Every setting')).split('\n').slice(3)
const rows = table
  .filter(line => line.startsWith('|'))
  .map(line => line.split(' | ').map(cell => cell.replace(/^\| |[|`]/g, '').trim()))

/** As the table has it: empty for a setting that may be absent. */
function defaultOf(name: SettingName): string {
  const { success, data } = Settings.shape[name].safeParse(undefined)
  if (!success) return 'required'
  if (data === undefined) return ''
  if (typeof data !== 'object') return String(data)
  return Array.isArray(data) ? data.join() : (data.cron ?? 'off')
}

function kindOf(name: SettingName): string {
  const { isSecret, vault, isRunTime } = factsOf(name)
  return [isSecret && 'secret', vault && 'vault', isRunTime && 'run time'].filter(Boolean).join(', ')
}

test('docs/configuration.md has every setting, with its default, what it is and of which kind', () => {
  expect(rows.map(([name, byDefault, , kind]) => [name, byDefault, kind])).toEqual(
    settingNames.map(name => [name, defaultOf(name), kindOf(name)]),
  )
  expect(rows.filter(([, , meaning = '']) => meaning === '')).toEqual([])
})
