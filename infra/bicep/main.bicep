// All of Sidecart in a resource group of its own. What starter and enterprise differ in stands in profiles.json, what must
// exist for the code in ../resources.json; both are read by the tests and by `npm run cost` as well. docs/deployment.md
targetScope = 'subscription'

@minLength(1)
@maxLength(40)
@description('Names the resource group, and with it this installation.')
param environmentName string

@metadata({ azd: { type: 'location' } })
@description('One with Flex Consumption; for enterprise one with availability zones.')
param location string

@description('starter costs some 14 dollars a month for a small shop; enterprise has a private network and zones.')
@allowed(['starter', 'enterprise'])
param profile string = 'starter'

@description('Client id of the API’s app registration in Entra: infra/entra/register.sh makes it.')
@minLength(1)
param apiClientId string

@description('Who is told of alerts and of the budget: e-mail addresses, divided by commas.')
@minLength(3)
param contactEmails string

@description('With the first deployment alone: HMAC key of pseudonyms, never to be changed. Empty leaves what the vault has.')
@secure()
param pseudonymKey string = ''

@description('With the first deployment, and to change it: signs shoppers’ tokens. Empty leaves what the vault has.')
@secure()
param shopperTokenKey string = ''

@description('For a day after a change of the key: the one before, whose tokens stay good until they end.')
@secure()
param shopperTokenKeyBefore string = ''

@description('Who is told of alerts by text message as well: { countryCode: \'49\', phoneNumber: \'1705550177\' }')
param contactTelephones array = []

@description('False where another account of the subscription has Cosmos’ free tier.')
param cosmosFreeTier bool = true

@description('Address ranges that may call the API, divided by commas; empty lets all in.')
param allowedAddresses string = ''

@description('Address ranges that may call the routes of operators, administrators and privacy; empty lets all in.')
param adminAllowedAddresses string = ''

@description('Origins of pages that may call the API from browsers, like https://shop.example, divided by commas.')
param corsOrigins string = ''

@description('The first two numbers of the private network’s addresses.')
param networkPrefix string = '10.42'

@description('Whether web/ gets a Static Web App.')
param webEnabled bool = false

@description('Static Web Apps are made in few regions; what they serve is everywhere.')
@allowed(['centralus', 'eastasia', 'eastus2', 'westeurope', 'westus2'])
param webLocation string = 'westeurope'

@description('Of the Static Web App; empty for its own name.')
param webDomain string = ''

@description('Object id of the Entra group that keeps the lake; empty for none.')
param dataEngineers string = ''

@description('Of the group that reads it; empty for none.')
param dataScientists string = ''

@description('Of the group that watches and deploys; empty for none.')
param operators string = ''

@description('Address of a Teams workflow that posts alerts to a channel; empty for none.')
@secure()
param teamsWebhook string = ''

@description('A month, in the currency of the subscription; 0 for the profile’s.')
param budgetAmount int = 0

@description('The first day of this month: Azure takes no budget that begins in another.')
param budgetStartDate string = utcNow('yyyy-MM-01')

@description('Of Node.js. The next one is tried here, before the package is built for it.')
@allowed(['22', '24'])
param nodeVersion string = '24'

@description('Settings of docs/configuration.md that this shop wants otherwise.')
param moreSettings object = {}

@description('Tags besides those that all resources have.')
param moreTags object = {}

var profiles = loadJsonContent('profiles.json')
var chosen = profiles[profile]
var resources = loadJsonContent('../resources.json')
var token = toLower(uniqueString(subscription().id, environmentName, location))
var tags = union(moreTags, {
  application: 'sidecart'
  profile: profile
  'azd-env-name': environmentName
})
var appNames = map(chosen.apps, app => app.name)
var deploymentContainers = map(appNames, name => 'deployments-${name}')
var budget = budgetAmount > 0 ? budgetAmount : chosen.budgetDollars
var blobZone = 'privatelink.blob.${environment().suffixes.storage}'
var emails = split(replace(contactEmails, ' ', ''), ',')
var callers = empty(allowedAddresses) ? [] : split(replace(allowedAddresses, ' ', ''), ',')
var origins = empty(corsOrigins) ? [] : split(replace(corsOrigins, ' ', ''), ',')

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module identities 'modules/identities.bicep' = {
  scope: group
  name: 'identities'
  params: {
    location: location
    tags: tags
    token: token
    appNames: appNames
  }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  name: 'monitoring'
  params: {
    location: location
    tags: tags
    token: token
    dailyCapGb: string(chosen.logs.dailyCapGb)
    retentionDays: chosen.logs.retentionDays
  }
}

module hostStorage 'modules/host-storage.bicep' = {
  scope: group
  name: 'host-storage'
  params: {
    location: location
    tags: tags
    token: token
    redundancy: chosen.storage.redundancy
    privateNetwork: chosen.privateNetwork
    queues: resources.queues
    deploymentContainers: deploymentContainers
    workspaceId: monitoring.outputs.workspaceId
  }
}

module lakeStorage 'modules/lake-storage.bicep' = {
  scope: group
  name: 'lake-storage'
  params: {
    location: location
    tags: tags
    token: token
    redundancy: chosen.storage.redundancy
    privateNetwork: chosen.privateNetwork
    blobContainers: resources.blobContainers
    workspaceId: monitoring.outputs.workspaceId
  }
}

module cosmos 'modules/cosmos.bicep' = {
  scope: group
  name: 'cosmos'
  params: {
    location: location
    tags: tags
    token: token
    databaseName: resources.cosmos.database
    containers: resources.cosmos.containers
    freeTier: chosen.cosmos.freeTier && cosmosFreeTier
    throughputMax: chosen.cosmos.throughputMax
    zoneRedundant: chosen.zoneRedundant
    privateNetwork: chosen.privateNetwork
    workspaceId: monitoring.outputs.workspaceId
  }
}

module eventHubs 'modules/event-hubs.bicep' = {
  scope: group
  name: 'event-hubs'
  params: {
    location: location
    tags: tags
    token: token
    hubs: resources.eventHubs
    tier: chosen.eventHubs.tier
    throughputUnits: chosen.eventHubs.throughputUnits
    throughputUnitsMax: chosen.eventHubs.throughputUnitsMax
    partitions: chosen.eventHubs.partitions
    retentionHours: chosen.eventHubs.retentionHours
    zoneRedundant: chosen.zoneRedundant
    privateNetwork: chosen.privateNetwork
    workspaceId: monitoring.outputs.workspaceId
  }
}

module vault 'modules/key-vault.bicep' = {
  scope: group
  name: 'key-vault'
  params: {
    location: location
    tags: tags
    token: token
    pseudonymKey: pseudonymKey
    shopperTokenKey: shopperTokenKey
    shopperTokenKeyBefore: shopperTokenKeyBefore
    privateNetwork: chosen.privateNetwork
    workspaceId: monitoring.outputs.workspaceId
  }
}

module network 'modules/network.bicep' = if (chosen.privateNetwork) {
  scope: group
  name: 'network'
  params: {
    location: location
    tags: tags
    token: token
    addressPrefix: networkPrefix
    appNames: appNames
  }
}

module privateEndpoints 'modules/private-endpoints.bicep' = if (chosen.privateNetwork) {
  scope: group
  name: 'private-endpoints'
  params: {
    location: location
    tags: tags
    token: token
    networkId: network!.outputs.networkId
    subnetId: network!.outputs.endpointSubnetId
    services: [
      {
        name: 'host-blob'
        resourceId: hostStorage.outputs.id
        group: 'blob'
        zone: blobZone
      }
      {
        name: 'host-queue'
        resourceId: hostStorage.outputs.id
        group: 'queue'
        zone: 'privatelink.queue.${environment().suffixes.storage}'
      }
      {
        name: 'lake-blob'
        resourceId: lakeStorage.outputs.id
        group: 'blob'
        zone: blobZone
      }
      {
        name: 'cosmos'
        resourceId: cosmos.outputs.id
        group: 'Sql'
        zone: 'privatelink.documents.azure.com'
      }
      {
        name: 'event-hubs'
        resourceId: eventHubs.outputs.id
        group: 'namespace'
        zone: 'privatelink.servicebus.windows.net'
      }
      {
        name: 'vault'
        resourceId: vault.outputs.id
        group: 'vault'
        zone: 'privatelink.vaultcore.azure.net'
      }
    ]
  }
  dependsOn: [roleAssignments]
}

// One after the other: Cosmos takes one change of an account at a time, and an endpoint is one as well.
@batchSize(1)
module roleAssignments 'modules/role-assignments.bicep' = [
  for (app, i) in chosen.apps: {
    scope: group
    name: 'role-assignments-${app.name}'
    params: {
      identity: identities.outputs.identities[i]
      works: app.works
      hostStorageName: hostStorage.outputs.name
      lakeStorageName: lakeStorage.outputs.name
      eventHubsName: eventHubs.outputs.name
      vaultName: vault.outputs.name
      componentName: monitoring.outputs.componentName
      cosmosName: cosmos.outputs.name
      databaseName: resources.cosmos.database
      cosmosWrittenByApi: resources.cosmos.writtenByApi
      blobsWrittenByApi: resources.blobsWrittenByApi
      deploymentContainer: deploymentContainers[i]
    }
  }
]

module web 'modules/static-web-app.bicep' = if (webEnabled) {
  scope: group
  name: 'static-web-app'
  params: {
    location: webLocation
    tags: tags
    token: token
    tier: chosen.staticWebApp.tier
    customDomain: webDomain
  }
}

module plans 'modules/plan.bicep' = [
  for app in chosen.apps: {
    scope: group
    name: 'plan-${app.name}'
    params: {
      location: location
      tags: tags
      token: token
      appName: app.name
      zoneRedundant: chosen.zoneRedundant
    }
  }
]

module apps 'modules/functions-app.bicep' = [
  for (app, i) in chosen.apps: {
    scope: group
    name: 'functions-app-${app.name}'
    params: {
      location: location
      tags: tags
      token: token
      app: app
      planId: plans[i].outputs.id
      identity: identities.outputs.identities[i]
      nodeVersion: nodeVersion
      subnetId: chosen.privateNetwork ? network!.outputs.appSubnetIds[i] : ''
      packageUrl: '${hostStorage.outputs.blobEndpoint}${deploymentContainers[i]}'
      allowedAddresses: callers
      corsOrigins: concat(origins, webEnabled ? web!.outputs.origins : [])
      listeners: resources.listeners
      settings: union(
        {
          ADMIN_ALLOWED_ADDRESSES: adminAllowedAddresses
          APPLICATIONINSIGHTS_CONNECTION_STRING: monitoring.outputs.connectionString
          AUTH_AUDIENCE: apiClientId
          AUTH_ISSUER: '${environment().authentication.loginEndpoint}${subscription().tenantId}/v2.0'
          AzureWebJobsStorage__accountName: hostStorage.outputs.name
          COSMOS_DATABASE: resources.cosmos.database
          COSMOS_ENDPOINT: cosmos.outputs.endpoint
          DEPLOYMENT_PROFILE: profile
          EVENT_HUB_RETENTION_HOURS: string(chosen.eventHubs.retentionHours)
          EventHubConnection__fullyQualifiedNamespace: '${eventHubs.outputs.name}.servicebus.windows.net'
          // Bodies are held in memory whole; 100 MB is the platform's own limit.
          FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '2097152'
          LAKE_ACCOUNT: lakeStorage.outputs.name
          MONTHLY_BUDGET_DOLLARS: string(budget)
          PSEUDONYM_KEY: '@Microsoft.KeyVault(SecretUri=${vault.outputs.uri}secrets/PSEUDONYM-KEY)'
          // Throughput is provisioned: a request unit costs nothing of its own.
          RU_DOLLARS_PER_MILLION: '0'
          SHOPPER_TOKEN_KEY: '@Microsoft.KeyVault(SecretUri=${vault.outputs.uri}secrets/SHOPPER-TOKEN-KEY)'
        },
        empty(shopperTokenKeyBefore) ? {} : {
          SHOPPER_TOKEN_KEY_BEFORE: '@Microsoft.KeyVault(SecretUri=${vault.outputs.uri}secrets/SHOPPER-TOKEN-KEY-BEFORE)'
        },
        chosen.settings,
        moreSettings
      )
    }
    // An app that starts before its identity may read the vault does not start.
    dependsOn: [roleAssignments, privateEndpoints]
  }
]

module people 'modules/people.bicep' = {
  scope: group
  name: 'people'
  params: {
    dataEngineers: dataEngineers
    dataScientists: dataScientists
    operators: operators
    lakeStorageName: lakeStorage.outputs.name
    hostStorageName: hostStorage.outputs.name
    deploymentContainers: deploymentContainers
    workspaceId: monitoring.outputs.workspaceId
    appNames: [for (app, i) in chosen.apps: apps[i].outputs.name]
  }
}

module monthlyBudget 'modules/budget.bicep' = {
  scope: group
  name: 'budget'
  params: {
    token: token
    amount: budget
    contactEmails: emails
    startDate: budgetStartDate
  }
}

module actionGroup 'modules/action-group.bicep' = {
  scope: group
  name: 'action-group'
  params: {
    name: 'ag-${token}'
    tags: tags
    emails: emails
    telephones: contactTelephones
    teamsWebhook: teamsWebhook
  }
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  name: 'alerts'
  params: {
    location: location
    tags: tags
    prefix: 'alert-${token}'
    componentId: monitoring.outputs.componentId
    cosmosAccountId: cosmos.outputs.id
    actionGroupId: actionGroup.outputs.id
    everyMinutes: chosen.alerts.everyMinutes
    logRules: chosen.alerts.logRules
  }
}

module workbook 'modules/workbook.bicep' = {
  scope: group
  name: 'workbook'
  params: {
    location: location
    tags: tags
    componentId: monitoring.outputs.componentId
  }
}

module deployed 'modules/deployed.bicep' = {
  scope: group
  name: 'deployed'
  params: {
    vaultName: vault.outputs.name
    tags: tags
    deployed: {
      api_url: 'https://${apps[0].outputs.hostName}'
      cosmos_endpoint: cosmos.outputs.endpoint
      event_hubs_namespace: eventHubs.outputs.name
      key_vault_uri: vault.outputs.uri
      resource_group: group.name
      lake_account: lakeStorage.outputs.name
    }
  }
}

output AZURE_RESOURCE_GROUP string = group.name
output API_NAME string = apps[0].outputs.name
output API_URL string = 'https://${apps[0].outputs.hostName}'
@description('Empty in starter, where one app serves and works.')
output WORKER_NAME string = length(chosen.apps) > 1 ? apps[1].outputs.name : ''
output IDENTITY_IDS array = map(identities.outputs.identities, identity => identity.id)
@description('Of the host: packages and the queue.')
output STORAGE_ACCOUNT string = hostStorage.outputs.name
output LAKE_ACCOUNT string = lakeStorage.outputs.name
output COSMOS_ENDPOINT string = cosmos.outputs.endpoint
output EVENT_HUBS_NAMESPACE string = eventHubs.outputs.name
output KEY_VAULT_NAME string = vault.outputs.name
output KEY_VAULT_URI string = vault.outputs.uri
output WORKBOOK_ID string = workbook.outputs.id
output COMPONENT_NAME string = monitoring.outputs.componentName
output WEB_URL string = webEnabled ? web!.outputs.origins[0] : ''
