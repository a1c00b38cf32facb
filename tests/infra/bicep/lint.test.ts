import { beforeAll, expect, test } from 'vitest'
import { lint } from './lint.ts'
import { loadBicepGrammar, parseBicep } from './syntax.ts'
import { templateOf } from './template.ts'

beforeAll(loadBicepGrammar)

const findings = (text: string) => lint(templateOf(parseBicep(text, 'a.bicep'), 'a.bicep'))
const identity = `resource identity 'A/i@1' = {
  name: 'i'
}
`

test.each([
  ['a parameter nobody reads', "@description('b')\nparam b string\n", ['a.bicep:2: param b is not used']],
  ['a variable nobody reads', 'var b = 1\nvar c = { b: 2 }\noutput c object = c\n', ['a.bicep:1: var b is not used']],
  [
    'a parameter without description, where people give it',
    "targetScope = 'subscription'\nparam b string\noutput b string = b\n",
    ['a.bicep:2: param b has no description'],
  ],
  [
    'a loop within a call',
    "var b = concat([for c in ['d']: c], [])\noutput b array = b\n",
    ['a.bicep:1: a loop cannot stand here'],
  ],
  [
    'a name made of what only Azure knows',
    `${identity}var p = identity.properties.principalId\nresource r 'A/b@1' = {\n  name: guid(p)\n}\n`,
    ['a.bicep:6: identity.properties.principalId is not known when the deployment starts'],
  ],
  [
    'a condition on a module’s output',
    "module m 'm.bicep' = {\n  name: 'm'\n}\nresource r 'A/b@1' = if (m.outputs.on) {\n  name: 'r'\n}\n",
    ['a.bicep:4: m.outputs.on is not known when the deployment starts'],
  ],
  [
    'dependsOn what is referred to anyway',
    `${identity}resource r 'A/b@1' = {\n  name: guid(identity.id)\n  dependsOn: [identity]\n}\n`,
    ['a.bicep:6: dependsOn identity is not needed: it is referred to'],
  ],
])('the linter tells %s', (_, text, expected) => {
  expect(findings(text)).toEqual(expected)
})

test('the linter tells nothing of a file in which all is used and known in time', () => {
  const text = `param location string
${identity}resource r 'A/b@1' = [for n in ['x']: {
  name: guid(identity.id, identity.name, n)
  location: location
  properties: { principal: identity.properties.principalId }
}]
`
  expect(findings(text)).toEqual([])
})
