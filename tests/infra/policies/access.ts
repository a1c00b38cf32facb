import { at, isArray, Reference, Resource, textOf, type Value } from '../bicep/values.ts'
import type { Scenario } from '../infrastructure.ts'
import { secretMark } from '../infrastructure.ts'
import { each, type Policy, policy, policyOfAll, unequal } from './policy.ts'

/** Azure's built-in roles that anybody may be given here. Source: learn.microsoft.com/azure/role-based-access-control/built-in-roles */
const roles = {
  'Storage Blob Data Owner': 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b',
  'Storage Blob Data Contributor': 'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
  'Storage Blob Data Reader': '2a2b9908-6ea1-4ae2-8e65-a390df84e7d1',
  'Storage Queue Data Contributor': '974c5e8b-45b9-4653-ba55-5f855dd0fb88',
  'Storage Queue Data Message Sender': 'c6a89b2d-59bc-44d0-9896-0f6e12d7b80a',
  'Azure Event Hubs Data Receiver': 'a638d3c7-ab3a-418d-83e6-5f17a39d4fde',
  'Azure Event Hubs Data Sender': '2b629674-e913-4c01-ae53-ef4638d8f975',
  'Key Vault Secrets User': '4633458b-17de-408a-b874-0445c86b69e6',
  'Monitoring Metrics Publisher': '3913510d-42f4-4e42-8a64-420c390055eb',
  'Log Analytics Reader': '73c42c96-874c-492b-b04d-ab87d138a893',
  'Website Contributor': 'de139f84-1756-47ae-9be6-808fbbe84772',
} as const
const cosmosRoles = {
  '00000000-0000-0000-0000-000000000001': 'reads documents',
  '00000000-0000-0000-0000-000000000002': 'writes documents',
} as const

const assignment = 'Microsoft.Authorization/roleAssignments'
const sqlAssignment = 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments'

/** `api`, `worker`, or a group of people: `group:operators`. */
function whoOf({ properties }: Resource): string {
  const { principalId: principal = null } = properties
  if (!(principal instanceof Reference) || !(principal.of instanceof Resource)) return textOf(principal)
  const path = principal.path.join('.')
  return path === 'properties.principalId' ? (principal.of.name.split('-')[1] ?? '') : `${principal.of.label}.${path}`
}

const whatOf = ({ properties }: Resource): string => {
  const id = textOf(properties.roleDefinitionId ?? null).replace(
    '⟦subscription().id⟧/providers/Microsoft.Authorization/roleDefinitions/',
    '',
  )
  return Object.entries(roles).find(([, known]) => known === id)?.[0] ?? id
}

/** `host`, `lake/audit`, `vault`: short for the resource that a role is given on. */
const shortNames: Readonly<Record<string, string>> = {
  'Microsoft.EventHub/namespaces': 'event hubs',
  'Microsoft.KeyVault/vaults': 'vault',
  'Microsoft.Insights/components': 'component',
  'Microsoft.OperationalInsights/workspaces': 'workspace',
  'Microsoft.Web/sites': 'app',
}
function whereOf({ scope }: Resource): string {
  if (!(scope instanceof Resource)) return textOf(scope ?? 'the resource group')
  const names = scope.name.split('/')
  if (scope.type === 'Microsoft.Web/sites') return `app ${names[0]?.split('-')[1]}`
  const store = /^st([a-z]+?)[a-z0-9]{13}$/.exec(names[0] ?? '')?.[1]
  return [store ?? shortNames[scope.type] ?? scope.label, ...names.slice(2)].join('/')
}

const groups = ['Storage Blob Data Contributor: group:engineers on lake']
const ofPeople = (apps: readonly string[]) => [
  ...groups,
  ...['silver', 'gold', 'models'].map(name => `Storage Blob Data Reader: group:scientists on lake/${name}`),
  'Log Analytics Reader: group:operators on workspace',
  ...apps.map(name => `Website Contributor: group:operators on app ${name}`),
  ...apps.map(name => `Storage Blob Data Reader: group:operators on host/deployments-${name}`),
]
const ofWorker = (who: string) => [
  `Storage Blob Data Owner: ${who} on host`,
  `Storage Queue Data Contributor: ${who} on host`,
  `Storage Blob Data Contributor: ${who} on lake`,
  `Azure Event Hubs Data Sender: ${who} on event hubs`,
  `Azure Event Hubs Data Receiver: ${who} on event hubs`,
  `Key Vault Secrets User: ${who} on vault`,
  `Monitoring Metrics Publisher: ${who} on component`,
]
const ofApi = (blobsWritten: readonly string[]) => [
  'Storage Blob Data Reader: api on lake',
  'Storage Queue Data Message Sender: api on host',
  ...['azure-webjobs-hosts', 'azure-webjobs-secrets', 'deployments-api'].map(
    name => `Storage Blob Data Owner: api on host/${name}`,
  ),
  ...blobsWritten.map(name => `Storage Blob Data Contributor: api on lake/${name}`),
  'Azure Event Hubs Data Sender: api on event hubs',
  'Key Vault Secrets User: api on vault',
  'Monitoring Metrics Publisher: api on component',
]

const texts = (value: Value | undefined): readonly string[] => (isArray(value) ? value.map(textOf) : [])
const isDeployed = ({ resources }: Scenario, scope: Value | undefined) =>
  scope instanceof Resource && resources.some(({ label }) => label === scope.label)

export const accessPolicies: readonly Policy[] = [
  policyOfAll('Role ids are those of the names they stand under', ({ json }) => {
    const written = json('infra/bicep/modules/roles.json')
    return unequal(
      'role',
      Object.entries(written as Readonly<Record<string, string>>).map(([name, id]) => `${name} ${id}`),
      Object.entries(roles).map(([name, id]) => `${name} ${id}`),
    )
  }),
  policy('Nobody is given a role that is not among those known: no owner, no contributor, nothing of all', ({ all }) =>
    all(assignment)
      .filter(role => !Object.hasOwn(roles, whatOf(role)))
      .map(role => `${role.label} is ${whatOf(role)}`),
  ),
  policy('Every role is given on one resource of this deployment, never on the group or the subscription', scenario =>
    scenario
      .all(assignment)
      .filter(({ scope }) => !isDeployed(scenario, scope))
      .map(({ scope, label }) => `${label} on ${textOf(scope ?? null)}`),
  ),
  each('Roles are given to identities of our own, or to groups of people', assignment, {
    'properties.principalType': (_, role) => (whoOf(role).startsWith('group:') ? 'Group' : 'ServicePrincipal'),
  }),
  policy(
    'Who may do what, and where, is exactly this',
    ({ all, profile, optionsGiven }, { json }) => {
      const apps = profile === 'starter' ? ['api'] : ['api', 'worker']
      return unequal(
        'role',
        all(assignment).map(role => `${whatOf(role)}: ${whoOf(role)} on ${whereOf(role)}`),
        [
          ...(profile === 'starter'
            ? ofWorker('api')
            : [...ofApi(texts(at(json('infra/resources.json'), 'blobsWrittenByApi'))), ...ofWorker('worker')]),
          ...(optionsGiven ? ofPeople(apps) : []),
        ],
      )
    },
    { [assignment]: ['properties.principalId', 'properties.roleDefinitionId'] },
  ),
  policy(
    'Who reads and who writes documents, and in which containers, is exactly this',
    ({ all, profile }, { json }) => {
      const account = all('Microsoft.DocumentDB/databaseAccounts')[0]
      const database = `${account?.id}/dbs/sidecart`
      const found = all(sqlAssignment).map(role => {
        const [definition, scope] = ['roleDefinitionId', 'scope'].map(name => textOf(role.properties[name] ?? null))
        const id = definition?.replace(`${account?.id}/sqlRoleDefinitions/`, '') ?? ''
        const where = scope === database ? 'all' : scope?.startsWith(database) ? scope.slice(database.length) : scope
        return `${whoOf(role)} ${cosmosRoles[id as keyof typeof cosmosRoles] ?? id} of ${where}`
      })
      const written = texts(at(json('infra/resources.json'), 'cosmos.writtenByApi'))
      return unequal('role', found, [
        ...(profile === 'starter'
          ? ['api writes documents of all']
          : ['api reads documents of all', 'worker writes documents of all']),
        ...(profile === 'starter' ? [] : written.map(name => `api writes documents of /colls/${name}`)),
      ])
    },
    { [sqlAssignment]: ['properties'] },
  ),
  policy('Each app has an identity of its own, and no other there is', ({ all }) =>
    unequal(
      'identity of',
      all('Microsoft.ManagedIdentity/userAssignedIdentities').map(({ name }) => name.split('-')[1] ?? ''),
      all('Microsoft.Web/sites').map(({ name }) => name.split('-')[1] ?? ''),
    ),
  ),
  each(
    'The vault asks roles, not policies of its own, and keeps what was removed for 90 days',
    'Microsoft.KeyVault/vaults',
    {
      'properties.enableRbacAuthorization': true,
      'properties.enableSoftDelete': true,
      'properties.softDeleteRetentionInDays': 90,
      'properties.enablePurgeProtection': true,
    },
  ),
  each(
    'The vault is the tenant’s, of the cheapest tier, and in a private network opens to nobody else',
    'Microsoft.KeyVault/vaults',
    {
      'properties.tenantId': '⟦subscription().tenantId⟧',
      'properties.sku': { family: 'A', name: 'standard' },
      'properties.publicNetworkAccess': ({ of }) => (of('privateNetwork') === true ? 'Disabled' : 'Enabled'),
      'properties.networkAcls': ({ of }) => ({
        ...{ defaultAction: of('privateNetwork') === true ? 'Deny' : 'Allow', bypass: 'None' },
      }),
    },
  ),
  policy(
    'The vault gets the secrets that a deployment was given, and a list of what is where',
    ({ all, optionsGiven }) => {
      const secrets = all('Microsoft.KeyVault/vaults/secrets').map(({ name, properties }) => {
        const value = textOf(properties.value ?? null)
        return `${name.split('/')[1]} ${value.startsWith(secretMark) ? value : 'no secret'}`
      })
      const given = ['PSEUDONYM-KEY secret:pseudonym', 'SHOPPER-TOKEN-KEY secret:token']
      return unequal('secret', secrets, [
        'DEPLOYED no secret',
        ...(optionsGiven ? [...given, 'SHOPPER-TOKEN-KEY-BEFORE secret:token before'] : []),
      ])
    },
    { 'Microsoft.KeyVault/vaults/secrets': ['properties.value', 'properties.contentType'] },
  ),
  policy(
    'What is where is told in the vault as JSON, by the names that the deployment puts out',
    ({ all, outputs }) => {
      const told = all('Microsoft.KeyVault/vaults/secrets').find(({ name }) => name.endsWith('/DEPLOYED'))?.properties
      return unequal(
        'told',
        [
          textOf(told?.contentType ?? null),
          ...Object.entries(JSON.parse(textOf(told?.value ?? '{}'))).map(([name, value]) => `${name} ${value}`),
        ],
        [
          'application/json',
          ...Object.entries({
            api_url: 'API_URL',
            cosmos_endpoint: 'COSMOS_ENDPOINT',
            event_hubs_namespace: 'EVENT_HUBS_NAMESPACE',
            key_vault_uri: 'KEY_VAULT_URI',
            resource_group: 'AZURE_RESOURCE_GROUP',
            lake_account: 'LAKE_ACCOUNT',
          }).map(([name, output]) => `${name} ${textOf(outputs[output] ?? null)}`),
        ],
      )
    },
  ),
  policy('A secret stands in the vault and in addresses of a channel, and nowhere else', ({ resources, outputs }) => [
    ...resources
      .filter(({ type }) => type !== 'Microsoft.KeyVault/vaults/secrets')
      .filter(({ type, body }) =>
        textOf(body)
          .replaceAll(type === 'Microsoft.Insights/actionGroups' ? `"${secretMark}teams"` : '⟦⟧', '')
          .includes(secretMark),
      )
      .map(({ label }) => label),
    ...Object.entries(outputs)
      .filter(([, value]) => textOf(value).includes(secretMark) || /ConnectionString|Key⟧/.test(textOf(value)))
      .map(([name]) => `output ${name}`),
  ]),
  policy('No key is asked for anywhere', ({ resources, outputs }) =>
    [...resources.map(({ label, body }) => [label, body] as const), ...Object.entries(outputs)]
      .filter(([, value]) => /\.list\w+\(\)|primaryKey|primaryMasterKey|primaryConnectionString/i.test(textOf(value)))
      .map(([label]) => label),
  ),
]
