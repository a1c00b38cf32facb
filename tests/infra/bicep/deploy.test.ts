import { beforeAll, describe, expect, test } from 'vitest'
import { deploy } from './deploy.ts'
import { loadBicepGrammar, parseBicep } from './syntax.ts'
import { templateOf } from './template.ts'
import { textOf, type Value } from './values.ts'

beforeAll(loadBicepGrammar)

function deployed(files: Readonly<Record<string, string>>, parameters: Readonly<Record<string, Value>> = {}) {
  const text = (file: string) => {
    const found = files[file]
    if (found === undefined) throw new Error(`no file ${file}`)
    return found
  }
  return deploy('main.bicep', parameters, { text, template: file => templateOf(parseBicep(text(file), file), file) })
}
const outputs = (main: string, parameters?: Readonly<Record<string, Value>>) =>
  deployed({ 'main.bicep': main }, parameters).outputs

describe('a Bicep file that cannot be deployed', () => {
  test.each([
    ['what is no Bicep', "var a = 'x'\nvar b = {\n  c: \n", /main\.bicep:2: .*cannot be parsed/],
    ['spread, which the grammar does not have', 'var a = {\n  ...b\n}\n', /main\.bicep:2: cannot be parsed/],
    ['an unknown name', 'var a = 1\nvar b = c\n', /main\.bicep:2: nothing is named c/],
    ['an unknown function', "var a = dataUri('x')\n", /main\.bicep:1: the reader does not know the function dataUri/],
    ['a name declared twice', 'var a = 1\nvar a = 2\n', /main\.bicep:2: a is declared twice/],
    ['a circle', 'var a = b\nvar b = a\n', /: (a|b) needs itself/],
    ['a parameter nobody gives', 'param a string\n', /main\.bicep needs the parameter a/],
    ['a value of another type', "param a int = 'x'\n", /main\.bicep:1: a must be int: current value is x/],
    [
      'a value outside those allowed',
      "@allowed(['x'])\nparam a string = 'y'\n",
      /a must be one of \["x"\]: current value is y/,
    ],
    ['a property that is not there', 'var a = { b: 1 }\nvar c = a.d\n', /main\.bicep:2: there is no d in a\.d/],
    ['a property that is there twice', 'var a = {\n  b: 1\n  b: 2\n}\n', /main\.bicep:3: b is there twice/],
    [
      'a user function',
      'func f(a string) string => a\n',
      /main\.bicep:1: the reader does not know user_defined_function/,
    ],
    [
      'a resource left out',
      "resource a 'A/b@1' = if (false) {\n  name: 'a'\n}\noutput b string = a.id\n",
      /:4: a is not deployed here/,
    ],
  ])('names file and line: %s', (_, main, message) => {
    expect(() => deployed({ 'main.bicep': main })).toThrow(message)
  })

  test('names a parameter that a module does not have', () => {
    const files = {
      'main.bicep': "module a 'a.bicep' = {\n  name: 'a'\n  params: { c: 1 }\n}\n",
      'a.bicep': 'param b int = 1\n',
    }
    expect(() => deployed(files)).toThrow('main.bicep:1: a.bicep has no parameter c')
  })
})

describe('expressions', () => {
  test.each<[string, Value]>([
    [`'\${1 + 2}-\${toUpper('x')}\\'s'`, "3-X's"],
    ["contains(['a', 'b'], 'b') && !contains({ a: 1 }, 'b')", true],
    [`[for (item, i) in ['a', 'b']: '\${item}\${i}']`, ['a0', 'b1']],
    ['map(filter(range(0, 4), n => n >= 2), n => n * 10)', [20, 30]],
    ['union({ a: { b: 1 } }, { a: { c: 2 } })', { a: { b: 1, c: 2 } }],
    ["concat(['a'], ['b'])", ['a', 'b']],
    ["toObject([{ k: 'a', v: 1 }], item => item.k, item => item.v)", { a: 1 }],
    ['items({ b: 2, a: 1 })[0].key', 'a'],
    ["{ a: null }.a ?? 'b'", 'b'],
    ["{ a: 1 }.a == 1 && { b: 'c' }.b == 'c'", true],
    ["{ a: 1 }.a == 2 ? 'x' : { b: 'c' }.b == 'd' ? 'y' : 'z'", 'z'],
    ["map([{ a: 1 }, { a: 2 }], o => o.a == 1 ? 'one' : o.a == 2 && !empty('x') ? 'two' : 'more')", ['one', 'two']],
    ['1 + 2 * 3 == 7 && !{ a: { b: false } }.a.b', true],
    ["map([{ a: 'b' }], o => [o['a'], { b: 'c' }[o['a']], 'd'])[0]", ['b', 'c', 'd']],
    ["replace('a, b ', ' ', '')", 'a,b'],
    [`'  \${'x '} '`, '  x  '],
    ["empty('') ? 'none' : 'some'", 'none'],
    ["format('{0}/{1}', 'a', 2)", 'a/2'],
    ['length(uniqueString(subscription().id))', 13],
    ["json(loadTextContent('x.json')).a == loadJsonContent('x.json').a", true],
  ])('%s', (expression, value) => {
    const files = { 'main.bicep': `var v = ${expression}\noutput o object = { v: v }\n`, 'x.json': '{"a": 1}' }
    expect(deployed(files).outputs.o).toEqual({ v: value })
  })

  test('guid() is the same for the same parts and another for others', () => {
    const { a, b, c } = outputs(
      "output a string = guid('x', 'y')\noutput b string = guid('x', 'y')\noutput c string = guid('x', 'z')\n",
    )
    expect(a).toBe(b)
    expect(a).not.toBe(c)
  })
})

describe('resources', () => {
  const files = {
    'main.bicep': `targetScope = 'subscription'
param big bool
resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'shop'
  location: 'westeurope'
}
module store 'modules/store.bicep' = {
  scope: group
  params: { location: group.location, queues: loadJsonContent('resources.json').queues, big: big }
}
output blob string = store.outputs.blob
output id string = store.outputs.first
`,
    'modules/store.bicep': `param location string
param queues array
param big bool
resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: 'st'
  location: location
  sku: { name: big ? 'Standard_ZRS' : 'Standard_LRS' }
  properties: { allowSharedKeyAccess: false }
}
resource service 'Microsoft.Storage/storageAccounts/queueServices@2025-06-01' = {
  parent: account
  name: 'default'
}
resource each 'Microsoft.Storage/storageAccounts/queueServices/queues@2025-06-01' = [for queue in queues: {
  parent: service
  name: queue
}]
resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (big) {
  scope: account
  name: 'kept'
  properties: { level: 'CanNotDelete' }
}
output blob string = account.properties.primaryEndpoints.blob
output first string = each[0].id
`,
    'resources.json': '{"queues": ["chunks", "poison"]}',
  }

  test('come from modules and loops, with the names of their parents', () => {
    const { resources, modules } = deployed(files, { big: false })
    expect(resources.map(({ label }) => label)).toEqual([
      'Microsoft.Resources/resourceGroups/shop',
      'Microsoft.Storage/storageAccounts/st',
      'Microsoft.Storage/storageAccounts/queueServices/st/default',
      'Microsoft.Storage/storageAccounts/queueServices/queues/st/default/chunks',
      'Microsoft.Storage/storageAccounts/queueServices/queues/st/default/poison',
    ])
    expect(resources[1]?.body).toMatchObject({ location: 'westeurope', sku: { name: 'Standard_LRS' } })
    expect(resources[1]?.place).toEqual({ file: 'modules/store.bicep', line: 4 })
    expect([...modules]).toEqual(['modules/store.bicep'])
  })

  test('with a condition are there when it holds, and know what they are scoped to', () => {
    const lock = deployed(files, { big: true }).resources.find(({ type }) => type === 'Microsoft.Authorization/locks')
    expect(lock?.scope).toMatchObject({ name: 'st' })
  })

  test('say by a reference what only Azure knows', () => {
    const { blob, id } = deployed(files, { big: false }).outputs
    expect(id).toBe('⟦scope⟧/providers/Microsoft.Storage/storageAccounts/st/queueServices/default/queues/chunks')
    expect(textOf(blob ?? null)).toBe('⟦Microsoft.Storage/storageAccounts/st.properties.primaryEndpoints.blob⟧')
  })
})
