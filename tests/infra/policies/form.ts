import { globSync } from 'node:fs'
import { join } from 'node:path'
import { keyOf } from '../bicep/evaluate.ts'
import { lint, properties } from '../bicep/lint.ts'
import { decorated, type Template } from '../bicep/template.ts'
import { isObject, Resource, textOf, type Value } from '../bicep/values.ts'
import { bicepFiles } from '../infrastructure.ts'
import { type Policy, policy, policyOfAll, unequal } from './policy.ts'

const root = join(import.meta.dirname, '../../..')
const main = 'infra/bicep/main.bicep'

/** The version of each type of resource, and what its names look like: our abbreviation, within Azure's rules. */
const token = '[a-z0-9]{13}'
const guid = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const types: Readonly<Record<string, readonly [apiVersion: string, name: string, lengthMax: number]>> = {
  'Microsoft.Resources/resourceGroups': ['2024-11-01', 'rg-shop', 90],
  'Microsoft.ManagedIdentity/userAssignedIdentities': ['2024-11-30', `id-[a-z]+-${token}`, 128],
  'Microsoft.OperationalInsights/workspaces': ['2025-07-01', `log-${token}`, 63],
  'Microsoft.Insights/components': ['2020-02-02', `appi-${token}`, 260],
  'Microsoft.Insights/diagnosticSettings': ['2021-05-01-preview', 'to-workspace', 260],
  'Microsoft.Insights/actionGroups': ['2023-01-01', `ag-${token}`, 260],
  'Microsoft.Insights/scheduledQueryRules': ['2023-12-01', `alert-${token}-[a-z-]+`, 260],
  'Microsoft.Insights/metricAlerts': ['2018-03-01', `alert-${token}-[a-z-]+`, 260],
  'Microsoft.Insights/workbooks': ['2023-06-01', guid, 36],
  'Microsoft.Consumption/budgets': ['2024-08-01', `budget-${token}`, 63],
  'Microsoft.Storage/storageAccounts': ['2025-06-01', `st(host|lake)${token}`, 24],
  'Microsoft.Storage/storageAccounts/blobServices': ['2025-06-01', 'default', 7],
  'Microsoft.Storage/storageAccounts/blobServices/containers': ['2025-06-01', '[a-z0-9]+(-[a-z0-9]+)*', 63],
  'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies': ['2025-06-01', 'default', 7],
  'Microsoft.Storage/storageAccounts/managementPolicies': ['2025-06-01', 'default', 7],
  'Microsoft.Storage/storageAccounts/queueServices': ['2025-06-01', 'default', 7],
  'Microsoft.Storage/storageAccounts/queueServices/queues': ['2025-06-01', '[a-z0-9]+(-[a-z0-9]+)*', 63],
  'Microsoft.DocumentDB/databaseAccounts': ['2025-10-15', `cosmos-${token}`, 44],
  'Microsoft.DocumentDB/databaseAccounts/sqlDatabases': ['2025-10-15', 'sidecart', 255],
  'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers': ['2025-10-15', '[a-z_]+', 255],
  'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments': ['2025-10-15', guid, 36],
  'Microsoft.EventHub/namespaces': ['2024-01-01', `evhns-${token}`, 50],
  'Microsoft.EventHub/namespaces/eventhubs': ['2024-01-01', '[a-z-]+', 256],
  'Microsoft.KeyVault/vaults': ['2025-05-01', `kv-${token}`, 24],
  'Microsoft.KeyVault/vaults/secrets': ['2025-05-01', '[A-Z-]+', 127],
  'Microsoft.Authorization/roleAssignments': ['2022-04-01', guid, 36],
  'Microsoft.Web/serverfarms': ['2025-03-01', `plan-[a-z]+-${token}`, 60],
  'Microsoft.Web/sites': ['2025-03-01', `func-[a-z]+-${token}`, 60],
  'Microsoft.Web/sites/config': ['2025-03-01', 'appsettings|authsettingsV2', 20],
  'Microsoft.Web/sites/basicPublishingCredentialsPolicies': ['2025-03-01', 'ftp|scm', 3],
  'Microsoft.Web/staticSites': ['2025-03-01', `stapp-${token}`, 40],
  'Microsoft.Web/staticSites/customDomains': ['2025-03-01', 'shop\\.example', 253],
  'Microsoft.Network/networkSecurityGroups': ['2025-05-01', `nsg-(apps|endpoints)-${token}`, 80],
  'Microsoft.Network/virtualNetworks': ['2025-05-01', `vnet-${token}`, 64],
  'Microsoft.Network/privateEndpoints': ['2025-05-01', `pe-[a-z-]+-${token}`, 64],
  'Microsoft.Network/privateEndpoints/privateDnsZoneGroups': ['2025-05-01', 'default', 80],
  'Microsoft.Network/privateDnsZones': ['2024-06-01', 'privatelink\\.[a-z.]+', 63],
  'Microsoft.Network/privateDnsZones/virtualNetworkLinks': ['2024-06-01', 'to-network', 80],
}
/** These are everywhere; all others are where they were asked for. */
const global = [
  ...['Microsoft.Insights/actionGroups', 'Microsoft.Insights/metricAlerts'],
  ...['Microsoft.Network/privateDnsZones', 'Microsoft.Network/privateDnsZones/virtualNetworkLinks'],
]
/** Types that are in no place of their own. */
const placeless =
  /^Microsoft\.(Authorization|Consumption)\/|diagnosticSettings$|^Microsoft\.(Storage|DocumentDB|EventHub|KeyVault|Web)\/\w+\/|Network\/(virtualNetworks|privateEndpoints)\/\w+$/

/** What a person may leave out, and what it is then. */
const defaults: Readonly<Record<string, string>> = {
  ...{ profile: "'starter'", pseudonymKey: "''", shopperTokenKey: "''", shopperTokenKeyBefore: "''" },
  ...{ cosmosFreeTier: 'true', allowedAddresses: "''", adminAllowedAddresses: "''", corsOrigins: "''" },
  ...{ networkPrefix: "'10.42'", webEnabled: 'false', webLocation: "'westeurope'", webDomain: "''" },
  ...{
    dataEngineers: "''",
    dataScientists: "''",
    operators: "''",
    teamsWebhook: "''",
    budgetAmount: '0',
    contactTelephones: '[]',
  },
  ...{ budgetStartDate: "utcNow('yyyy-MM-01')", nodeVersion: "'24'", moreSettings: '{}', moreTags: '{}' },
}
const asked = ['environmentName', 'location', 'apiClientId', 'contactEmails']
const secretParameters = ['pseudonymKey', 'shopperTokenKey', 'shopperTokenKeyBefore', 'teamsWebhook']

/** Paths of what a body holds, down to what is no object: `properties.sku.name`. */
function paths(value: Value, path = ''): string[] {
  if (isObject(value) && Object.keys(value).length === 0 && path === '') return []
  if (!isObject(value) || Object.keys(value).length === 0) return [path]
  return Object.entries(value).flatMap(([key, part]) => paths(part, path === '' ? key : `${path}.${key}`))
}

/** Calls of modules, with their paths. */
function moduleCalls(templates: readonly Template[]) {
  return templates.flatMap(({ declarations }) =>
    declarations
      .filter(({ kind }) => kind === 'module')
      .map(({ name, node }) => ({ name, node, path: node.parts[1]?.parts[0]?.text ?? '' })),
  )
}

/** A policy that holds the others: what none of them asks for, nobody would miss. */
export const closed = (others: readonly Policy[]): Policy =>
  policy('No property is deployed that no policy asks for', ({ resources }) =>
    resources.flatMap(({ type, label, body }) => {
      const known = [...anywhere, ...others.flatMap(({ covers }) => covers[type] ?? [])]
      return paths(body)
        .filter(path => !known.some(held => path === held || path.startsWith(`${held}.`)))
        .map(path => `${label}: ${path}`)
    }),
  )
const anywhere = ['location', 'tags']

export const formPolicies: readonly Policy[] = [
  policyOfAll('The compiler’s linter would find nothing', ({ templates }) => templates.flatMap(lint)),
  policyOfAll('The first template is of the subscription, all others of its group', ({ templates }) =>
    templates
      .filter(({ file, scope }) => scope !== (file === main ? 'subscription' : 'resourceGroup'))
      .map(({ file, scope }) => `${file} is of ${scope}`),
  ),
  policyOfAll('Every module is deployed by some scenario', ({ scenarios }) =>
    unequal(
      'module',
      [...new Set(scenarios.flatMap(({ modules }) => [...modules]))],
      bicepFiles.filter(file => file !== main),
    ),
  ),
  policy('Every type of resource is known, in the version that is known', ({ resources }) =>
    resources.flatMap(({ type, apiVersion, label }) => {
      const version = types[type]?.[0]
      return version === apiVersion ? [] : [`${label}@${apiVersion}: ${version ?? 'an unknown type'}`]
    }),
  ),
  policyOfAll('What is referred to is of the version that is deployed', ({ templates }) =>
    templates.flatMap(({ declarations }) =>
      declarations
        .filter(({ kind }) => kind === 'resource')
        .map(({ node }) => node.parts[1]?.parts[0]?.text ?? '')
        .filter(text => types[text.split('@')[0] ?? '']?.[0] !== text.split('@')[1]),
    ),
  ),
  policy('Names are short enough for Azure, and begin with what they name', ({ resources }) =>
    resources.flatMap(({ type, name, label }) => {
      const [, pattern = '', lengthMax = 0] = types[type] ?? []
      const last = name.split('/').at(-1) ?? ''
      // Of a type within a type, with the names of both.
      const isWhole = name.split('/').length === type.split('/').length - 1
      return isWhole && new RegExp(`^(${pattern})$`).test(last) && last.length <= lengthMax ? [] : [label]
    }),
  ),
  policy('No two resources have one name', ({ resources }) => {
    const labels = resources.map(
      ({ label, scope }) => `${label} of ${scope instanceof Resource ? scope.label : 'the group'}`,
    )
    return labels.filter((label, index) => labels.indexOf(label) !== index)
  }),
  policy('Everything is where it was asked for, but for what is everywhere', ({ resources, parameters }) =>
    resources.flatMap(({ type, label, body }) => {
      const wanted = placeless.test(type) ? undefined : global.includes(type) ? 'global' : parameters.location
      return body.location === wanted ? [] : [`${label} is in ${textOf(body.location ?? null)}`]
    }),
  ),
  policy('Everything that can carry tags says which installation it is of', ({ resources, profile }) =>
    resources.flatMap(({ type, label, body }) => {
      const wanted = { application: 'sidecart', profile, 'azd-env-name': 'shop' }
      const service =
        type === 'Microsoft.Web/sites' ? label.split('-')[1] : type === 'Microsoft.Web/staticSites' ? 'web' : undefined
      const all = { ...wanted, ...(service === undefined ? {} : { 'azd-service-name': service }) }
      const cannot = placeless.test(type) && type !== 'Microsoft.KeyVault/vaults/secrets'
      return textOf(body.tags ?? {}) === textOf(cannot ? {} : all) ? [] : [`${label} has ${textOf(body.tags ?? null)}`]
    }),
  ),
  policyOfAll('A person is asked for little, and what is left out is the cheapest', ({ templates }) => {
    const parameters =
      templates.find(({ file }) => file === main)?.declarations.filter(({ kind }) => kind === 'param') ?? []
    const written = parameters.map(({ name, node }) => `${name} = ${node.parts[2]?.text ?? 'asked for'}`)
    const wanted = [
      ...asked.map(name => `${name} = asked for`),
      ...Object.entries(defaults).map(([name, value]) => `${name} = ${value}`),
    ]
    return unequal('parameter', written, wanted)
  }),
  policyOfAll(
    'Secrets are marked as such wherever they pass, so that Azure keeps them out of its records',
    ({ templates }) =>
      templates.flatMap(({ file, declarations }) =>
        declarations
          .filter(({ kind, name }) => kind === 'param' && secretParameters.includes(name))
          .filter(declaration => decorated(declaration, 'secure') === undefined)
          .map(({ name }) => `${file}: ${name} is not @secure()`),
      ),
  ),
  policyOfAll('A choice is among what is offered', ({ templates }) => {
    const offered = templates.flatMap(({ file, declarations }) =>
      declarations.flatMap(declaration => {
        const values = decorated(declaration, 'allowed')?.[0]?.parts.map(({ text }) => text.replaceAll("'", ''))
        return values ? [`${file.split('/').at(-1)} ${declaration.name}: ${values.join(' ')}`] : []
      }),
    )
    return unequal('choice', offered, [
      'main.bicep profile: starter enterprise',
      'main.bicep webLocation: centralus eastasia eastus2 westeurope westus2',
      'main.bicep nodeVersion: 22 24',
      'functions-app.bicep nodeVersion: 22 24',
      'static-web-app.bicep tier: Free Standard',
      'alerts.bicep everyMinutes: 5 15',
    ])
  }),
  policy('A deployment puts out where everything is', ({ outputs, all, profile, optionsGiven }) => {
    const [app, worker] = all('Microsoft.Web/sites')
    const of = (type: string, path: string) => `⟦${all(type)[0]?.label}.properties.${path}⟧`
    const name = (type: string) => all(type)[0]?.name ?? ''
    const wanted = {
      AZURE_RESOURCE_GROUP: 'rg-shop',
      API_NAME: app?.name,
      API_URL: `https://⟦${app?.label}.properties.defaultHostName⟧`,
      WORKER_NAME: profile === 'starter' ? '' : worker?.name,
      IDENTITY_IDS: all('Microsoft.ManagedIdentity/userAssignedIdentities').map(({ id }) => id),
      STORAGE_ACCOUNT: all('Microsoft.Storage/storageAccounts').find(account => account.name.startsWith('sthost'))
        ?.name,
      LAKE_ACCOUNT: all('Microsoft.Storage/storageAccounts').find(account => account.name.startsWith('stlake'))?.name,
      COSMOS_ENDPOINT: of('Microsoft.DocumentDB/databaseAccounts', 'documentEndpoint'),
      EVENT_HUBS_NAMESPACE: name('Microsoft.EventHub/namespaces'),
      KEY_VAULT_NAME: name('Microsoft.KeyVault/vaults'),
      KEY_VAULT_URI: of('Microsoft.KeyVault/vaults', 'vaultUri'),
      WORKBOOK_ID: all('Microsoft.Insights/workbooks')[0]?.id,
      COMPONENT_NAME: name('Microsoft.Insights/components'),
      WEB_URL: optionsGiven ? `https://${of('Microsoft.Web/staticSites', 'defaultHostname')}` : '',
    }
    const lines = (values: Readonly<Record<string, Value | undefined>>) =>
      Object.entries(values).map(([key, value]) => `${key} ${textOf(value ?? null)}`)
    return unequal('output', lines(outputs), lines(wanted))
  }),
  policyOfAll('Modules are deployed into the group, each under the name of its file', ({ templates }) =>
    moduleCalls(templates).flatMap(({ name, node, path }) => {
      const of = (key: string) => properties(node).find(property => keyOf(property) === key)?.parts[1]?.text ?? ''
      const base = path.replace(/^.*\/|\.bicep$/g, '')
      return [
        ...(of('scope') === 'group' ? [] : [`${name} is deployed to ${of('scope')}`]),
        // Of a loop each has what it is of besides.
        ...(of('name').replace(/-\$\{app\.name\}/, '') === `'${base}'` ? [] : [`${name} is deployed as ${of('name')}`]),
      ]
    }),
  ),
  policyOfAll('Every parameter of a module is given, and none gets what another is named for', ({ templates }) =>
    moduleCalls(templates).flatMap(({ name, node, path }) => {
      const parameters = templates
        .find(({ file }) => file === `infra/bicep/${path}`)
        ?.declarations.filter(({ kind }) => kind === 'param')
        .map(declaration => declaration.name)
      const params = properties(node).find(property => keyOf(property) === 'params')?.parts[1]?.parts ?? []
      const given = params.map(keyOf)
      return [
        ...unequal(`${name}: parameter`, given, parameters ?? []),
        ...params.flatMap(property => {
          const [key, value] = [keyOf(property), property.parts[1]?.text ?? '']
          const last = /(\w+)$/.exec(value)?.[1] ?? ''
          return last !== key && given.includes(last) ? [`${name}: ${key} gets ${value}`] : []
        }),
      ]
    }),
  ),
  policyOfAll(
    'A role’s name is made of ids, so that it is the same with every deployment and of nothing else',
    ({ templates }) =>
      templates.flatMap(({ file, declarations }) =>
        declarations
          .filter(({ node }) => /oleAssignments@/.test(node.parts[1]?.text ?? ''))
          .flatMap(({ name, node }) => {
            const made = properties(node).find(property => keyOf(property) === 'name')?.parts[1]
            const parts = made?.fields.arguments?.parts ?? []
            const fine = parts.every(part => part.kind !== 'member_expression' || part.fields.property?.text === 'id')
            return made?.fields.function?.text === 'guid' && parts.length >= 3 && fine
              ? []
              : [`${file}: ${name}: ${made?.text}`]
          }),
      ),
  ),
  policyOfAll('Who has to wait waits, for more than it refers to', ({ templates }) =>
    unequal(
      'wait',
      templates.flatMap(({ file, declarations }) =>
        declarations.flatMap(({ name, node }) => {
          const waits = properties(node).find(property => keyOf(property) === 'dependsOn')?.parts[1]?.parts ?? []
          return waits.map(({ text }) => `${file.split('/').at(-1)}: ${name} for ${text}`)
        }),
      ),
      [
        // An app that starts before its identity may read the vault does not start.
        ...['main.bicep: apps for roleAssignments', 'main.bicep: apps for privateEndpoints'],
        // Cosmos takes one change of an account at a time: more end with 412.
        ...['main.bicep: privateEndpoints for roleAssignments', 'role-assignments.bicep: onContainer for onDatabase'],
        'lake-storage.bicep: auditIsKept for container',
        'private-endpoints.bicep: names for zone',
      ],
    ),
  ),
  policyOfAll(
    'Templates are read by nothing that is not there: every file beside them is loaded or named',
    ({ templates, text }) => {
      const loaded = templates.flatMap(({ file }) =>
        [...text(file).matchAll(/load(?:Json|Text)Content\('([^']+)'\)/g)].map(
          ([, path = '']) => path.split('/').at(-1) ?? '',
        ),
      )
      const present = globSync('infra/bicep/**/*.json', { cwd: root }).map(file => file.split('/').at(-1) ?? '')
      const ofTools = ['bicepconfig.json', 'main.parameters.json']
      return unequal(
        'file',
        present.filter(file => !ofTools.includes(file)),
        [...new Set(loaded)].filter(file => file !== 'resources.json'),
      )
    },
  ),
]
