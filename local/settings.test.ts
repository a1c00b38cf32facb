import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { localSettings, readLocalSettings } from './settings.ts'

function read(json: unknown, known: string[] = []) {
  const folder = mkdtempSync(join(tmpdir(), 'local-settings-'))
  const file = join(folder, 'local.settings.json')
  writeFileSync(file, typeof json === 'string' ? json : JSON.stringify(json))
  try {
    return readLocalSettings(file, known)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe('readLocalSettings()', () => {
  test('reads what Core Tools read, comments included', () => {
    const settings = read(`{ // comment
      "IsEncrypted": false,
      "Values": { "A": "1", "AzureWebJobs.f.Disabled": "true", "AzureFunctionsJobHost__functionTimeout": "-1" },
      "Host": { "LocalHttpPort": 7072, "CORS": "", "CORSCredentials": false },
      "ConnectionStrings": { "Db": "x=y", "Other": { "ConnectionString": "z", "ProviderName": "p" } }
    }`)
    expect(settings).toEqual({
      values: {
        A: '1',
        'AzureWebJobs.f.Disabled': 'true',
        AzureFunctionsJobHost__functionTimeout: '-1',
        'ConnectionStrings:Db': 'x=y',
        'ConnectionStrings:Other': 'z',
      },
      port: 7072,
      warnings: [],
    })
  })
  test('names each setting that is almost a known one, and none that is far from all', () => {
    const values = {
      COSMOS_ENDPIONT: 'x',
      Cosmos_Key: 'x',
      FUNCTIONS_WORKER_RUNTIM: 'node',
      SHOP_NAME: 'x',
      COSMOS_DATABASE: 'x',
    }
    const { warnings } = read({ Values: values }, ['COSMOS_ENDPOINT', 'COSMOS_KEY'])
    expect(warnings.map(text => text.replace(/ in \S+/, ''))).toEqual([
      'Values.COSMOS_ENDPIONT is unknown. Did you mean "COSMOS_ENDPOINT"?',
      'Values.Cosmos_Key is unknown. Did you mean "COSMOS_KEY"?',
      'Values.FUNCTIONS_WORKER_RUNTIM is unknown. Did you mean "FUNCTIONS_WORKER_RUNTIME"?',
    ])
  })
  test('names fields it does not know', () => {
    const { warnings } = read({ Vaules: {}, Other: 1, Host: { LocalHttpport: 1, CORS: '*' } })
    expect(warnings.map(text => text.replace(/^\S+ /, ''))).toEqual([
      'has an unknown field "Vaules". Did you mean "Values"?',
      'has an unknown field "Other"',
      'has an unknown field "Host.LocalHttpport". Did you mean "LocalHttpPort"?',
    ])
  })
  test('reads which pages of other origins may read answers', () => {
    expect(read({ Host: { CORS: 'https://a.example, http://localhost:5173', CORSCredentials: true } }).cors).toEqual({
      ...{ origins: ['https://a.example', 'http://localhost:5173'], credentials: true },
    })
    expect(read({ Host: { CORS: '*' } }).cors).toEqual({ origins: ['*'], credentials: false })
    expect(read({ Host: { CORS: '' } }).cors).toBeUndefined()
  })
  test('names every value that is no text', () => {
    expect(() => read({ Values: { A: 5, B: 'good', C: true } })).toThrow(
      /Values\.A in .* must be a text in quotes: current value is 5\nValues\.C in .*: current value is true$/,
    )
  })
  test.each([
    [
      { IsEncrypted: true },
      /IsEncrypted in .* must be false, as the local stack holds no key.*: current value is true/,
    ],
    [{ Values: [] }, /Values in .* must be an object: current value is \[\]/],
    [{ Host: { LocalHttpPort: 70_000 } }, /Host\.LocalHttpPort in .* from 1 to 65535: current value is 70000/],
    [{ Host: { CORS: ['*'] } }, /Host\.CORS in .* must be a text/],
    [
      { Host: { CORS: 'https://a.example/' } },
      /Host\.CORS in .* must hold origins like .*: current value is "https:\/\/a.example\/"/,
    ],
    [
      { Host: { CORS: '*', CORSCredentials: true } },
      /Host\.CORSCredentials in .* must be false where Host\.CORS is \*/,
    ],
    [{ ConnectionStrings: { Db: 1 } }, /ConnectionStrings\.Db in .* must be a connection string: current value is 1/],
    [[], /must be an object: current value is \[\]/],
    ['{\n  "Values": {\n    "A": 1,\n  }\n}', /Cannot read .*: line 4, column 3: expected a name in double quotes/],
  ])('refuses %j', (json, why) => {
    expect(() => read(json)).toThrow(why)
  })
})

test('the sample has nothing to warn of', () => {
  expect(localSettings().warnings).toEqual([])
})
