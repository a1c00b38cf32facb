import { at, isArray, type Value } from '../bicep/values.ts'
import type { Scenario } from '../infrastructure.ts'
import { each, type Policy, policy, unequal } from './policy.ts'

const account = 'Microsoft.Storage/storageAccounts'
const cosmos = 'Microsoft.DocumentDB/databaseAccounts'
const container = `${cosmos}/sqlDatabases/containers`
const namespace = 'Microsoft.EventHub/namespaces'
const hub = `${namespace}/eventhubs`
const isPrivate = ({ of }: Scenario) => of('privateNetwork') === true
const access = (scenario: Scenario) => (isPrivate(scenario) ? 'Disabled' : 'Enabled')
const defaultAction = (scenario: Scenario) => (isPrivate(scenario) ? 'Deny' : 'Allow')

const storage: readonly Policy[] = [
  each('Storage is opened by identities, never by keys', account, {
    'properties.allowSharedKeyAccess': false,
    'properties.defaultToOAuthAuthentication': true,
  }),
  each('No blob is public, and none leaves for another tenant', account, {
    'properties.allowBlobPublicAccess': false,
    'properties.allowCrossTenantReplication': false,
  }),
  each('No container is public', `${account}/blobServices/containers`, { 'properties.publicAccess': 'None' }),
  each('Storage speaks TLS 1.2 alone', account, {
    'properties.minimumTlsVersion': 'TLS1_2',
    'properties.supportsHttpsTrafficOnly': true,
  }),
  each('Storage is of the cheapest kind that has what is used, and as redundant as the profile says', account, {
    kind: 'StorageV2',
    'sku.name': ({ profile }) => (profile === 'starter' ? 'Standard_LRS' : 'Standard_ZRS'),
    'properties.accessTier': 'Hot',
  }),
  each('Storage in a private network lets nobody else in', account, {
    'properties.publicNetworkAccess': access,
    'properties.networkAcls.defaultAction': defaultAction,
    'properties.networkAcls.bypass': 'None',
  }),
  each('What was overwritten or removed can be had back for two weeks', `${account}/blobServices`, {
    // Not the host's checkpoints: each is a write, some a second.
    'properties.isVersioningEnabled': (_, { name }) => name.startsWith('stlake'),
    'properties.deleteRetentionPolicy': { enabled: true, days: 14 },
    'properties.containerDeleteRetentionPolicy': { enabled: true, days: 14 },
  }),
  each(
    'Old versions go after a week, so that the erased are gone and nobody pays for ever',
    `${account}/managementPolicies`,
    {
      'properties.policy.rules': [
        {
          ...{ name: 'remove-old-versions', type: 'Lifecycle', enabled: true },
          definition: {
            filters: { blobTypes: ['blockBlob', 'appendBlob'] },
            actions: {
              version: { delete: { daysAfterCreationGreaterThan: 7 } },
              snapshot: { delete: { daysAfterCreationGreaterThan: 7 } },
            },
          },
        },
      ],
    },
  ),
  each(
    'The audit log cannot be changed for half a year, only added to',
    `${account}/blobServices/containers/immutabilityPolicies`,
    {
      'properties.immutabilityPeriodSinceCreationInDays': 180,
      'properties.allowProtectedAppendWrites': true,
    },
  ),
  policy('The lake has an account of its own, whose old versions go', ({ all }) => [
    ...unequal(
      'account',
      all(account).map(({ name }) => storeOf(name)),
      ['host', 'lake'],
    ),
    ...unequal(
      'lifecycle of',
      all(`${account}/managementPolicies`).map(({ name }) => storeOf(name)),
      ['lake'],
    ),
  ]),
  policy('Only the audit log is immutable: all else has to be erasable', ({ all }) =>
    unequal(
      'immutable container',
      all(`${account}/blobServices/containers/immutabilityPolicies`).map(({ name }) => name.split('/')[2] ?? ''),
      ['audit'],
    ),
  ),
]

const documents: readonly Policy[] = [
  each('Cosmos is opened by identities, never by keys', cosmos, {
    'properties.disableLocalAuth': true,
    'properties.disableKeyBasedMetadataWriteAccess': true,
  }),
  each('Cosmos speaks TLS 1.2 alone, and in a private network to nobody else', cosmos, {
    'properties.minimalTlsVersion': 'Tls12',
    'properties.publicNetworkAccess': access,
  }),
  each('Documents can be had back as they were at any second of a week', cosmos, {
    'properties.backupPolicy': { type: 'Continuous', continuousModeProperties: { tier: 'Continuous7Days' } },
  }),
  each('Cosmos in starter is free and cannot cost more; in enterprise it is capped', cosmos, {
    'properties.enableFreeTier': ({ profile, parameters }) =>
      profile === 'starter' && parameters.cosmosFreeTier !== false,
    'properties.capacity.totalThroughputLimit': ({ profile }) => (profile === 'starter' ? 1000 : 10000),
  }),
  each('All containers share one throughput that scales by itself up to the cap', `${cosmos}/sqlDatabases`, {
    'properties.options': ({ profile }) => ({
      autoscaleSettings: { maxThroughput: profile === 'starter' ? 1000 : 10000 },
    }),
    'properties.resource.id': 'sidecart',
  }),
  each('A request reads its own writes, from the region it is in', cosmos, {
    kind: 'GlobalDocumentDB',
    'properties.databaseAccountOfferType': 'Standard',
    'properties.consistencyPolicy': { defaultConsistencyLevel: 'Session' },
    'properties.locations': ({ profile, parameters }) => [
      { locationName: parameters.location ?? null, failoverPriority: 0, isZoneRedundant: profile === 'enterprise' },
    ],
  }),
  policy(
    'Cosmos containers are those of the code, by its partition keys, indexes and times to live',
    ({ all }, { json }) => {
      const wanted = at(json('infra/resources.json'), 'cosmos.containers')
      const found = all(container)
      return [
        ...unequal(
          'container',
          found.map(({ name }) => name.split('/')[2] ?? ''),
          named(wanted),
        ),
        ...(isArray(wanted) ? wanted : []).flatMap(each => {
          const name = String(at(each, 'name'))
          const deployed = found.find(resource => resource.name.endsWith(`/${name}`))?.properties.resource
          return JSON.stringify(deployed) === JSON.stringify(containerOf(each))
            ? []
            : [`${name} is ${JSON.stringify(deployed)}`]
        }),
      ]
    },
    { [container]: ['properties.resource'] },
  ),
]

/** `lake` of `stlake…/default/bronze`. */
function storeOf(name: string): string {
  return /^st([a-z]+?)[a-z0-9]{13}(\/|$)/.exec(name)?.[1] ?? name
}

/** What of a container infra/resources.json stands for: local/provision.ts has it so, too. */
function containerOf(written: Value): Value {
  const [name, key, indexing] = ['name', 'partitionKey', 'indexing'].map(field => at(written, field) ?? null)
  const searched = isArray(indexing) ? indexing : indexing === 'all' ? ['/*'] : []
  return {
    id: name ?? null,
    partitionKey: { paths: [key ?? null], kind: 'Hash', version: 2 },
    indexingPolicy: {
      ...{ indexingMode: 'consistent', automatic: true },
      includedPaths: searched.map(path => ({ path })),
      excludedPaths: [{ path: indexing === 'all' ? '/"_etag"/?' : '/*' }],
    },
    ...(at(written, 'timeToLive') === undefined ? {} : { defaultTtl: -1 }),
  }
}

function named(list: Value | undefined): string[] {
  return (isArray(list) ? list : []).map(each => String(typeof each === 'string' ? each : at(each, 'name')))
}

const tiers = {
  starter: { tier: 'Basic', units: 1, unitsMax: 0, partitions: 1, hours: 24 },
  enterprise: { tier: 'Standard', units: 1, unitsMax: 10, partitions: 16, hours: 168 },
} as const

const events: readonly Policy[] = [
  each('Event Hubs are opened by identities, never by keys, by TLS 1.2 alone', namespace, {
    'properties.disableLocalAuth': true,
    'properties.minimumTlsVersion': '1.2',
  }),
  each('Event Hubs are of the tier that the profile can pay, with its units', namespace, {
    'sku.name': ({ profile }) => tiers[profile].tier,
    'sku.tier': ({ profile }) => tiers[profile].tier,
    'sku.capacity': ({ profile }) => tiers[profile].units,
    'properties.isAutoInflateEnabled': ({ profile }) => tiers[profile].unitsMax > 0,
    'properties.maximumThroughputUnits': ({ profile }) => tiers[profile].unitsMax,
  }),
  each('Event Hubs in enterprise survive the loss of a zone and are in the private network', namespace, {
    'properties.zoneRedundant': ({ profile }) => profile === 'enterprise',
    'properties.publicNetworkAccess': access,
  }),
  each('Events are kept as long as the tier may: a day in Basic, a week in Standard', hub, {
    'properties.partitionCount': ({ profile }) => tiers[profile].partitions,
    'properties.retentionDescription': ({ profile }) => ({
      ...{ cleanupPolicy: 'Delete', retentionTimeInHours: tiers[profile].hours },
    }),
  }),
  policy('Hubs are those of the code, with the one consumer group that Basic has', ({ all }, { json }) => {
    const wanted = at(json('infra/resources.json'), 'eventHubs')
    return [
      ...unequal(
        'hub',
        all(hub).map(({ name }) => name.split('/')[1] ?? ''),
        named(wanted),
      ),
      ...unequal(
        'consumer group',
        all(`${hub}/consumergroups`).map(({ name }) => name),
        [],
      ),
      ...(isArray(wanted) ? wanted : []).flatMap(each =>
        JSON.stringify(at(each, 'consumerGroups')) === '["$Default"]' ? [] : [`${String(at(each, 'name'))} has groups`],
      ),
    ]
  }),
  policy(
    'Queues and blob containers are those of the code, the host and the deployments',
    ({ all, profile }, { json }) => [
      ...unequal(
        'queue',
        all(`${account}/queueServices/queues`).map(({ name }) => `${storeOf(name)} ${name.split('/')[2]}`),
        named(at(json('infra/resources.json'), 'queues')).map(name => `host ${name}`),
      ),
      ...unequal(
        'blob container',
        all(`${account}/blobServices/containers`).map(({ name }) => `${storeOf(name)} ${name.split('/')[2]}`),
        [
          ...named(at(json('infra/resources.json'), 'blobContainers')).map(name => `lake ${name}`),
          ...['host azure-webjobs-hosts', 'host azure-webjobs-secrets', 'host deployments-api'],
          ...(profile === 'enterprise' ? ['host deployments-worker'] : []),
        ],
      ),
    ],
  ),
]

export const dataPolicies: readonly Policy[] = [...storage, ...documents, ...events]
