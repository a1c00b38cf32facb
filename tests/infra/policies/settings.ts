import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { factsOf, type SettingName, Settings, settingNames } from '../../../shared/schemas/settings.ts'
import { at, type Resource, textOf, type Value } from '../bicep/values.ts'
import { type Scenario, secretMark } from '../infrastructure.ts'
import { appOf, identityOf, site } from './apps.ts'
import { type Policy, policy, unequal } from './policy.ts'

const root = join(import.meta.dirname, '../../..')
const hostJson = JSON.parse(readFileSync(join(root, 'host.json'), 'utf8')) as Value
const documentation = readFileSync(join(root, 'docs/configuration.md'), 'utf8')

const settingsOf = ({ all }: Scenario): readonly Resource[] =>
  all(`${site}/config`).filter(({ name }) => name.endsWith('/appsettings'))

/** What Azure puts in the place of what only it knows. */
const known: readonly (readonly [pattern: RegExp, value: string])[] = [
  [/^@Microsoft\.KeyVault\(.*\)$/, 'a secret of more than thirty-two characters'],
  [/⟦[^⟧]*\.properties\.clientId⟧/g, '7a6f1d1c-6f0e-4b57-9d3c-1f2e3a4b5c6d'],
  [/⟦[^⟧]*\.properties\.documentEndpoint⟧/g, 'https://shop.documents.azure.com:443/'],
  [/⟦[^⟧]*\.properties\.vaultUri⟧/g, 'https://shop.vault.azure.net/'],
  [/⟦[^⟧]*\.properties\.ConnectionString⟧/g, 'InstrumentationKey=7a6f1d1c-6f0e-4b57-9d3c-1f2e3a4b5c6d'],
  [/⟦subscription\(\)\.tenantId⟧/g, '9b1f7a6f-1d1c-4b57-9d3c-1f2e3a4b5c6d'],
]
const resolved = (value: Value): string =>
  known.reduce((text, [pattern, by]) => text.replace(pattern, by), textOf(value))

const ofTheHost = /^AzureFunctionsJobHost__(.+)$/
const ofAFunction = /^AzureWebJobs\.(\w+)\.Disabled$/
/** Settings of the platform that the app does not read. */
const ofThePlatform = ['FUNCTIONS_REQUEST_BODY_SIZE_LIMIT', 'AZURE_TOKEN_CREDENTIALS']
const isUnknown = (name: string) =>
  !ofTheHost.test(name) &&
  !ofAFunction.test(name) &&
  !ofThePlatform.includes(name) &&
  !settingNames.includes(name as SettingName)

const keyVault = (secret: string, { all }: Scenario) =>
  `@Microsoft.KeyVault(SecretUri=⟦${all('Microsoft.KeyVault/vaults')[0]?.label}.properties.vaultUri⟧secrets/${secret})`
const account = ({ all }: Scenario, start: string) =>
  all('Microsoft.Storage/storageAccounts').find(({ name }) => name.startsWith(start))?.name ?? ''
const first = ({ all }: Scenario, type: string) => all(type)[0]

/** What the settings of an app are, by name. */
function wantedSettings(
  scenario: Scenario,
  app: Resource,
  listeners: readonly string[],
): Readonly<Record<string, string>> {
  const { profile, optionsGiven } = scenario
  const client = `⟦${identityOf(scenario, app)?.label}.properties.clientId⟧`
  const isWorker = profile === 'starter' || appOf(app) === 'worker'
  return {
    ADMIN_ALLOWED_ADDRESSES: optionsGiven ? '192.0.2.0/24' : '',
    APPLICATIONINSIGHTS_CONNECTION_STRING: `⟦${first(scenario, 'Microsoft.Insights/components')?.label}.properties.ConnectionString⟧`,
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: `ClientId=${client};Authorization=AAD`,
    AUTH_AUDIENCE: 'client-id-of-the-api',
    AUTH_ISSUER: 'https://login.microsoftonline.com/⟦subscription().tenantId⟧/v2.0',
    AZURE_CLIENT_ID: client,
    AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential',
    AzureWebJobsStorage__accountName: account(scenario, 'sthost'),
    LAKE_ACCOUNT: account(scenario, 'stlake'),
    AzureWebJobsStorage__credential: 'managedidentity',
    AzureWebJobsStorage__clientId: client,
    COSMOS_DATABASE: 'sidecart',
    COSMOS_ENDPOINT: `⟦${first(scenario, 'Microsoft.DocumentDB/databaseAccounts')?.label}.properties.documentEndpoint⟧`,
    DEPLOYMENT_PROFILE: profile,
    EVENT_HUB_RETENTION_HOURS: profile === 'starter' ? '24' : '168',
    EventHubConnection__fullyQualifiedNamespace: `${first(scenario, 'Microsoft.EventHub/namespaces')?.name}.servicebus.windows.net`,
    EventHubConnection__credential: 'managedidentity',
    EventHubConnection__clientId: client,
    FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: String(2 * 1024 * 1024),
    MEMORY_MB: profile === 'starter' ? '512' : isWorker ? '4096' : '2048',
    MONTHLY_BUDGET_DOLLARS: profile === 'starter' ? '15' : '1000',
    PSEUDONYM_KEY: keyVault('PSEUDONYM-KEY', scenario),
    RU_DOLLARS_PER_MILLION: '0',
    SHOPPER_TOKEN_KEY: keyVault('SHOPPER-TOKEN-KEY', scenario),
    ...(optionsGiven ? { SHOPPER_TOKEN_KEY_BEFORE: keyVault('SHOPPER-TOKEN-KEY-BEFORE', scenario) } : {}),
    ...(profile === 'starter' ? cheap : { SWEEP_SCHEDULE: '0 * * * * *' }),
    ...(isWorker ? {} : Object.fromEntries(listeners.map(name => [`AzureWebJobs.${name}.Disabled`, 'true']))),
  }
}
/** What starter does less often, for its price. */
const cheap = {
  SWEEP_SCHEDULE: '0 */5 * * * *',
  LAKE_SCHEDULE: '0 5 */3 * * *',
  AzureFunctionsJobHost__extensions__eventHubs__minEventBatchSize: '512',
  AzureFunctionsJobHost__extensions__eventHubs__maxWaitTime: '00:00:30',
}

const each = (check: (app: Resource, scenario: Scenario) => readonly string[]) => (scenario: Scenario) =>
  settingsOf(scenario).flatMap(app => check(app, scenario).map(what => `${app.name}: ${what}`))

export const settingPolicies: readonly Policy[] = [
  policy(
    'The app starts with its settings: none that it needs is missing, none is wrong',
    each(app => {
      const environment = Object.fromEntries(
        Object.entries(app.properties).map(([name, value]) => [name, resolved(value)]),
      )
      const { error } = Settings.safeParse(environment)
      return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')} ${message}`)
    }),
  ),
  policy(
    'No setting is one that neither the app nor the platform knows, and each of the app’s is documented',
    each(app => {
      const names = Object.keys(app.properties)
      return [
        ...names.filter(isUnknown).map(name => `${name} is unknown`),
        ...names
          .filter(name => settingNames.includes(name as SettingName) && !documentation.includes(`\`${name}\``))
          .map(name => `${name} is not in docs/configuration.md`),
      ]
    }),
  ),
  policy(
    'Settings for the host name what host.json has',
    each(app =>
      Object.keys(app.properties).flatMap(name => {
        const path = ofTheHost.exec(name)?.[1]?.replaceAll('__', '.')
        return path === undefined || at(hostJson, path) !== undefined ? [] : [`${name} is not in host.json`]
      }),
    ),
  ),
  policy(
    'Secrets are references to the vault, which has them under the names asked for',
    each((app, { all, optionsGiven }) =>
      Object.entries(app.properties).flatMap(([name, value]) => {
        const isSecret = settingNames.includes(name as SettingName) && factsOf(name as SettingName).isSecret
        // A connection string of Application Insights opens nothing without an identity.
        if (!isSecret || name === 'APPLICATIONINSIGHTS_CONNECTION_STRING') return []
        const secret = /^@Microsoft\.KeyVault\(SecretUri=.*secrets\/([A-Z-]+)\)$/.exec(textOf(value))?.[1]
        if (secret !== name.replaceAll('_', '-')) return [`${name} is no reference to its secret`]
        const kept = all('Microsoft.KeyVault/vaults/secrets').map(resource => resource.name.split('/')[1])
        return optionsGiven && !kept.includes(secret) ? [`the vault gets no ${secret}`] : []
      }),
    ),
  ),
  policy(
    'No setting holds a secret or a key',
    each(app =>
      Object.entries(app.properties)
        .filter(
          ([, value]) =>
            textOf(value).includes(secretMark) || /list\w*\(\)|AccountKey|SharedAccessKey/i.test(textOf(value)),
        )
        .map(([name]) => `${name} holds a secret`),
    ),
  ),
  policy(
    'Every setting has the value that it should',
    (scenario, { json }) => {
      const listeners = (at(json('infra/resources.json'), 'listeners') ?? []) as readonly string[]
      return settingsOf(scenario).flatMap(app => {
        const wanted = wantedSettings(scenario, app, listeners)
        return [
          ...unequal(`${app.name}: setting`, Object.keys(app.properties), Object.keys(wanted)),
          ...Object.entries(wanted)
            .filter(
              ([name, value]) =>
                name in app.properties &&
                app.properties[name] !== value &&
                textOf(app.properties[name] ?? null) !== value,
            )
            .map(([name, value]) => `${app.name}: ${name} is ${textOf(app.properties[name] ?? null)}, not ${value}`),
        ]
      })
    },
    { [`${site}/config`]: ['properties'] },
  ),
  policy(
    'Values of settings are texts, as the platform has them',
    each(app =>
      Object.entries(app.properties)
        .filter(([, value]) => typeof value === 'number' || typeof value === 'boolean')
        .map(([name]) => `${name} is no text`),
    ),
  ),
  policy('An app that only serves listens to nothing; every other listens to all', (scenario, { json }) => {
    const listeners = (at(json('infra/resources.json'), 'listeners') ?? []) as readonly string[]
    return settingsOf(scenario).flatMap(app => {
      const off = Object.keys(app.properties).flatMap(name => ofAFunction.exec(name)?.[1] ?? [])
      const onlyServes = scenario.profile === 'enterprise' && appOf(app) === 'api'
      return unequal(`${app.name}: switched off`, off, onlyServes ? listeners : [])
    })
  }),
]
