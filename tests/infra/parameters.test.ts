import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { loadBicepGrammar, parseBicep } from './bicep/syntax.ts'
import { type Template, templateOf } from './bicep/template.ts'

const text = (file: string) => readFileSync(join(import.meta.dirname, '../..', file), 'utf8')
const given = z
  .object({ parameters: z.record(z.string(), z.object({ value: z.string().regex(/^\$\{[A-Z_]+(=.*)?\}$/) })) })
  .parse(JSON.parse(text('infra/bicep/main.parameters.json'))).parameters
/** As azd has it, of a parameter. */
const variableOf = (parameter: string) => /[A-Z_]+/.exec(given[parameter]?.value ?? '')?.[0] ?? ''
const documentation = text('docs/deployment.md')

let main: Template
beforeAll(async () => {
  await loadBicepGrammar()
  main = templateOf(parseBicep(text('infra/bicep/main.bicep'), 'main.bicep'), 'main.bicep')
})

test('azd gives parameters that main.bicep has, each by a variable of its own, and all that have no default', () => {
  const declared = main.declarations.filter(({ kind }) => kind === 'param')
  const names = declared.map(({ name }) => name)
  expect(Object.keys(given).filter(name => !names.includes(name))).toEqual([])
  const needed = declared.filter(({ node }) => node.parts[2] === undefined).map(({ name }) => name)
  expect(needed.filter(name => !(name in given))).toEqual([])
  expect(new Set(Object.keys(given).map(variableOf)).size).toBe(Object.keys(given).length)
})

test('docs/deployment.md has every variable of azd beside its parameter, and no other', () => {
  const rows = documentation.split('\n').filter(line => line.startsWith('| `SIDECART_'))
  const documented = rows.flatMap(row => {
    const [variables = [], parameters = []] = row.split(' | ').map(cell => cell.match(/(?<=`)[A-Za-z_]+(?=`)/g) ?? [])
    return variables.map((variable, index) => [parameters[index], variable])
  })
  const expected = Object.keys(given).map(name => [name, variableOf(name)])
  expect(documented.sort()).toEqual(expected.filter(([, variable]) => variable?.startsWith('SIDECART_')).sort())
})

test('hooks and workflow of azd name files that are there', () => {
  const files = [...text('azure.yaml').matchAll(/run: (\S+)/g)].map(([, file = '']) => file)
  expect(files).toHaveLength(3)
  for (const file of files) expect(text(file)).toMatch(/^#!\/bin\/sh\n/)
  expect(text('azure.yaml')).toContain('--from-package dist/sidecart.zip')
  expect(text('infra/deploy/before-deploy.sh')).toContain('npm run package -- --out dist/sidecart.zip')
})
