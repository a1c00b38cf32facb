// What the identity of one app may do, each time on one resource or one container.
param identity object
@description('Whether the app works: what only serves may read all, and write what the API writes.')
param works bool
param hostStorageName string
param lakeStorageName string
param eventHubsName string
param vaultName string
param componentName string
param cosmosName string
param databaseName string
@description('Cosmos containers that routes and guards of the API write: infra/resources.json, held to the code by a test.')
param cosmosWrittenByApi array
@description('Blob containers that they write.')
param blobsWrittenByApi array
@description('Where this app’s packages are.')
param deploymentContainer string

var roles = loadJsonContent('roles.json')

resource host 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: hostStorageName
}

resource hostBlobs 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' existing = {
  parent: host
  name: 'default'
}

// The host's leases and checkpoints and the queue; a request may start a job, which a message tells the worker.
var ofHost = works
  ? [roles['Storage Blob Data Owner'], roles['Storage Queue Data Contributor']]
  : [roles['Storage Queue Data Message Sender']]

resource onHost 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in ofHost: {
    scope: host
    name: guid(host.id, identity.id, role)
    properties: {
      principalId: identity.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    }
  }
]

// What only serves has the host's locks and keys and its own package: with the worker's, it could be the worker.
var ownContainers = works ? [] : ['azure-webjobs-hosts', 'azure-webjobs-secrets', deploymentContainer]

resource own 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' existing = [
  for name in ownContainers: {
    parent: hostBlobs
    name: name
  }
]

resource onOwn 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, i) in ownContainers: {
    scope: own[i]
    name: guid(host.id, name, identity.id, roles['Storage Blob Data Owner'])
    properties: {
      principalId: identity.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles['Storage Blob Data Owner'])
    }
  }
]

resource lake 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: lakeStorageName
}

resource lakeBlobs 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' existing = {
  parent: lake
  name: 'default'
}

var ofLake = works ? roles['Storage Blob Data Contributor'] : roles['Storage Blob Data Reader']

resource onLake 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: lake
  name: guid(lake.id, identity.id, ofLake)
  properties: {
    principalId: identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', ofLake)
  }
}

var writtenInLake = works ? [] : blobsWrittenByApi

resource written 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' existing = [
  for name in writtenInLake: {
    parent: lakeBlobs
    name: name
  }
]

resource onWritten 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, i) in writtenInLake: {
    scope: written[i]
    name: guid(lake.id, name, identity.id, roles['Storage Blob Data Contributor'])
    properties: {
      principalId: identity.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles['Storage Blob Data Contributor'])
    }
  }
]

resource namespace 'Microsoft.EventHub/namespaces@2024-01-01' existing = {
  name: eventHubsName
}

// The API sends what was posted to it; lists made by jobs are told to the hub as well.
var ofHubs = works
  ? [roles['Azure Event Hubs Data Sender'], roles['Azure Event Hubs Data Receiver']]
  : [roles['Azure Event Hubs Data Sender']]

resource onHubs 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in ofHubs: {
    scope: namespace
    name: guid(namespace.id, identity.id, role)
    properties: {
      principalId: identity.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    }
  }
]

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' existing = {
  name: vaultName
}

resource onVault 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, identity.id, roles['Key Vault Secrets User'])
  properties: {
    principalId: identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles['Key Vault Secrets User'])
  }
}

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

resource onComponent 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: component
  name: guid(component.id, identity.id, roles['Monitoring Metrics Publisher'])
  properties: {
    principalId: identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles['Monitoring Metrics Publisher'])
  }
}

// Cosmos has roles of its own: 1 reads data, 2 writes it.
resource cosmos 'Microsoft.DocumentDB/databaseAccounts@2025-10-15' existing = {
  name: cosmosName
}
var databaseId = '${cosmos.id}/dbs/${databaseName}'
var readsOrWrites = works ? '00000000-0000-0000-0000-000000000002' : '00000000-0000-0000-0000-000000000001'

resource onDatabase 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments@2025-10-15' = {
  parent: cosmos
  name: guid(databaseId, identity.id, readsOrWrites)
  properties: {
    principalId: identity.principalId
    roleDefinitionId: '${cosmos.id}/sqlRoleDefinitions/${readsOrWrites}'
    scope: databaseId
  }
}

// Cosmos takes one change of an account at a time.
@batchSize(1)
resource onContainer 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments@2025-10-15' = [
  for name in (works ? [] : cosmosWrittenByApi): {
    parent: cosmos
    name: guid(databaseId, name, identity.id)
    properties: {
      principalId: identity.principalId
      roleDefinitionId: '${cosmos.id}/sqlRoleDefinitions/00000000-0000-0000-0000-000000000002'
      scope: '${databaseId}/colls/${name}'
    }
    dependsOn: [onDatabase]
  }
]
