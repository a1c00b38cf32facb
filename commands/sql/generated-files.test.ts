import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lakeTables } from '../../shared/lake/tables/lake-tables.ts'
import { generatedFiles } from './generated-files.ts'
import { synapseScript } from './synapse-script.ts'

const root = join(import.meta.dirname, '../..')

test('scripts and the data dictionary say what the tables are declared to be: `npm run sql -- --scripts` writes them', async () => {
  for (const { path, text } of await generatedFiles(root)) {
    expect(await readFile(join(root, path), 'utf8'), path).toBe(text)
  }
})

test('synapseScript() has a view for every table, each in a batch of its own', () => {
  const batches = synapseScript().split('\nGO\n')
  const views = batches.filter(batch => batch.includes('CREATE OR ALTER VIEW'))
  expect(views).toHaveLength(lakeTables.length)
  expect(views.find(view => view.includes('VIEW gold.[daily_sales]'))).toContain('    [revenue] float,')
})

test('the script of Fabric’s shortcuts is a shell script that reads', () => {
  const checked = spawnSync('bash', ['-n', join(root, 'infra/analytics/fabric-shortcuts.sh')])
  expect(checked.stderr.toString()).toBe('')
})
