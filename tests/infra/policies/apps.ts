import { isObject, type Resource, textOf, type Value } from '../bicep/values.ts'
import type { Scenario } from '../infrastructure.ts'
import { each, type Policy, policy, unequal } from './policy.ts'

export const site = 'Microsoft.Web/sites'
const config = `${site}/config`

/** What differs between the apps of the profiles. */
const sizes = {
  starter: { api: { memory: 512, instances: 40, concurrency: 4, ready: 0 } },
  enterprise: {
    api: { memory: 2048, instances: 100, concurrency: 16, ready: 2 },
    worker: { memory: 4096, instances: 40, concurrency: 16, ready: 0 },
  },
} as const satisfies Record<
  string,
  Record<string, { memory: number; instances: number; concurrency: number; ready: number }>
>
type Size = { memory: number; instances: number; concurrency: number; ready: number }

/** `api` of `func-api-…/appsettings`. */
export const appOf = ({ name }: Resource): string => name.split('-')[1] ?? ''
const sizeOf = ({ profile }: Scenario, app: Resource): Size | undefined =>
  (sizes[profile] as Readonly<Record<string, Size>>)[appOf(app)]
/** Whether it takes requests from outside. */
const serves = (app: Resource) => appOf(app) === 'api'

/** Of the identity of an app. */
export function identityOf({ all }: Scenario, app: Resource): Resource | undefined {
  return all('Microsoft.ManagedIdentity/userAssignedIdentities').find(({ name }) =>
    name.startsWith(`id-${appOf(app)}-`),
  )
}
const identityId = (scenario: Scenario, app: Resource) => identityOf(scenario, app)?.id
const oneOf = (scenario: Scenario, type: string, start: string) =>
  scenario.all(type).find(({ name }) => name.split('/').at(-1)?.startsWith(start))

const apps: readonly Policy[] = [
  policy('Starter is one app that serves and works; in enterprise one serves and another works', scenario =>
    unequal('app', scenario.all(site).map(appOf), Object.keys(sizes[scenario.profile])),
  ),
  each('Apps are functions on Linux, each with an identity of its own and no key', site, {
    kind: 'functionapp,linux',
    identity: (scenario, app) => ({
      ...{ type: 'UserAssigned', userAssignedIdentities: { [identityId(scenario, app) ?? '']: {} } },
    }),
    'properties.keyVaultReferenceIdentity': identityId,
  }),
  each('Apps speak https of TLS 1.2 alone, and no FTP', site, {
    'properties.httpsOnly': true,
    'properties.siteConfig.minTlsVersion': '1.2',
    'properties.siteConfig.scmMinTlsVersion': '1.2',
    'properties.siteConfig.ftpsState': 'Disabled',
  }),
  each('Any instance answers any request, over HTTP/2 where the caller can', site, {
    'properties.clientAffinityEnabled': false,
    'properties.siteConfig.http20Enabled': true,
  }),
  each('Apps run on Node 24', site, {
    'properties.functionAppConfig.runtime': { name: 'node', version: '24' },
  }),
  each('Instances have the memory and number that the profile can pay', site, {
    'properties.functionAppConfig.scaleAndConcurrency': (scenario, app) => {
      const { memory, instances, concurrency, ready } = sizeOf(scenario, app) ?? sizes.starter.api
      return {
        ...{ instanceMemoryMB: memory, maximumInstanceCount: instances },
        alwaysReady: ready > 0 ? [{ name: 'http', instanceCount: ready }] : [],
        triggers: { http: { perInstanceConcurrency: concurrency } },
      }
    },
  }),
  policy('Memory and number of instances are among what Flex Consumption has', ({ all }) =>
    all(site).flatMap(app => {
      const { instanceMemoryMB: memory, maximumInstanceCount: most } = scaleOf(app)
      return [
        ...([512, 2048, 4096].includes(Number(memory)) ? [] : [`${app.label} has ${textOf(memory ?? null)} MB`]),
        ...(Number(most) >= 1 && Number(most) <= 1000 ? [] : [`${app.label} has ${textOf(most ?? null)} instances`]),
      ]
    }),
  ),
  each('Packages come from a container of the app’s own, opened by its identity', site, {
    'properties.functionAppConfig.deployment.storage': (scenario, app) => ({
      type: 'blobContainer',
      value: `⟦Microsoft.Storage/storageAccounts/${scenario.all('Microsoft.Storage/storageAccounts')[0]?.name}.properties.primaryEndpoints.blob⟧deployments-${appOf(app)}`,
      authentication: {
        ...{ type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identityId(scenario, app) ?? null },
      },
    }),
  }),
  each('An app is on a plan of its own, as Flex Consumption has it', site, {
    'properties.serverFarmId': (scenario, app) =>
      oneOf(scenario, 'Microsoft.Web/serverfarms', `plan-${appOf(app)}-`)?.id,
  }),
  each('Plans are Flex Consumption, and in enterprise in every zone', 'Microsoft.Web/serverfarms', {
    kind: 'functionapp',
    sku: { name: 'FC1', tier: 'FlexConsumption' },
    'properties.reserved': true,
    'properties.zoneRedundant': ({ profile }) => profile === 'enterprise',
  }),
  each('Apps of enterprise call from a subnet of their own', site, {
    'properties.virtualNetworkSubnetId': ({ profile, all }, app) =>
      profile === 'starter' ? null : `${all('Microsoft.Network/virtualNetworks')[0]?.id}/subnets/app-${appOf(app)}`,
  }),
  each('Who may call is said by addresses: all of none are given, and of a worker nobody', site, {
    'properties.siteConfig.ipSecurityRestrictionsDefaultAction': ({ optionsGiven }, app) =>
      serves(app) && !optionsGiven ? 'Allow' : 'Deny',
    'properties.siteConfig.ipSecurityRestrictions': ({ optionsGiven }, app) =>
      serves(app) && optionsGiven
        ? ['192.0.2.0/24', '198.51.100.0/24'].map((ipAddress, index) => ({
            ...{ name: `allowed-${index}`, action: 'Allow', priority: 100 + index, ipAddress },
          }))
        : [],
    'properties.siteConfig.scmIpSecurityRestrictionsUseMain': false,
    'properties.siteConfig.scmIpSecurityRestrictionsDefaultAction': 'Allow',
  }),
  each('Browsers may call from named origins alone, without cookies', site, {
    'properties.siteConfig.cors': ({ all, optionsGiven }) => ({
      allowedOrigins: optionsGiven
        ? [
            'https://admin.shop.example',
            'https://till.shop.example',
            `https://⟦${all('Microsoft.Web/staticSites')[0]?.label}.properties.defaultHostname⟧`,
            'https://shop.example',
          ]
        : [],
      supportCredentials: false,
    }),
  }),
  each('An instance that is always ready is asked for its health, one that is paid by the second is not', site, {
    'properties.siteConfig.healthCheckPath': (scenario, app) =>
      (sizeOf(scenario, app)?.ready ?? 0) > 0 ? '/health/live' : null,
  }),
  each('Nobody deploys by a password', `${site}/basicPublishingCredentialsPolicies`, { 'properties.allow': false }),
  policy('Passwords are off for FTP and for deployments alike', ({ all }) =>
    unequal(
      'publishing policy',
      all(`${site}/basicPublishingCredentialsPolicies`).map(({ name }) => name),
      all(site).flatMap(({ name }) => [`${name}/ftp`, `${name}/scm`]),
    ),
  ),
  policy(
    'The platform asks nobody who they are: shoppers’ tokens and service keys are not Entra’s',
    ({ all }) =>
      all(site).flatMap(({ name }) => {
        const found = all(config).find(resource => resource.name === `${name}/authsettingsV2`)?.properties
        const wanted = { platform: { enabled: false }, globalValidation: { requireAuthentication: false } }
        return JSON.stringify(found) === JSON.stringify(wanted) ? [] : [`${name} has ${JSON.stringify(found)}`]
      }),
    { [config]: ['properties'] },
  ),
  policy('An app has settings and authentication, and no other configuration', ({ all }) =>
    unequal(
      'configuration',
      all(config).map(({ name }) => name),
      all(site).flatMap(({ name }) => [`${name}/appsettings`, `${name}/authsettingsV2`]),
    ),
  ),
  each('web/ is served by the tier that the profile can pay', 'Microsoft.Web/staticSites', {
    sku: ({ profile }) =>
      profile === 'starter' ? { name: 'Free', tier: 'Free' } : { name: 'Standard', tier: 'Standard' },
    'properties.allowConfigFileUpdates': true,
    'properties.stagingEnvironmentPolicy': 'Enabled',
  }),
  each('A domain of the shop’s own proves itself by its CNAME', 'Microsoft.Web/staticSites/customDomains', {
    'properties.validationMethod': 'cname-delegation',
  }),
  policy('web/ is deployed where it is asked for, with its domain where one is named', ({ all, optionsGiven }) => [
    ...unequal(
      'web app',
      all('Microsoft.Web/staticSites').map(({ symbol }) => symbol),
      optionsGiven ? ['site'] : [],
    ),
    ...unequal(
      'domain',
      all('Microsoft.Web/staticSites/customDomains').map(({ name }) => name.split('/')[1] ?? ''),
      optionsGiven ? ['shop.example'] : [],
    ),
  ]),
]

function scaleOf(app: Resource): Readonly<Record<string, Value>> {
  const { functionAppConfig } = app.properties
  const scale = isObject(functionAppConfig) ? functionAppConfig.scaleAndConcurrency : undefined
  return isObject(scale) ? scale : {}
}

export const appPolicies: readonly Policy[] = apps
