// What groups of people may do besides the API, where Entra app roles count: data engineers keep the lake, data scientists read
// it, operators read what is told and bring packages. Nobody needs a key.
@description('Object ids of Entra groups; empty for none.')
param dataEngineers string
param dataScientists string
param operators string
param lakeStorageName string
param hostStorageName string
param deploymentContainers array
param workspaceId string
param appNames array

var roles = loadJsonContent('roles.json')

resource lake 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: lakeStorageName
}

resource keepLake 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(dataEngineers)) {
  scope: lake
  name: guid(lake.id, dataEngineers, roles['Storage Blob Data Contributor'])
  properties: {
    principalId: dataEngineers
    principalType: 'Group'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles['Storage Blob Data Contributor'])
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' existing = {
  parent: lake
  name: 'default'
}

// With names and addresses masked; bronze and landing files, which are as they were sent, are for engineers.
var readByScientists = empty(dataScientists) ? [] : ['silver', 'gold', 'models']

resource table 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' existing = [
  for name in readByScientists: {
    parent: blobs
    name: name
  }
]

resource readLake 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, i) in readByScientists: {
    scope: table[i]
    name: guid(lake.id, name, dataScientists, roles['Storage Blob Data Reader'])
    properties: {
      principalId: dataScientists
      principalType: 'Group'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles['Storage Blob Data Reader'])
    }
  }
]

resource host 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: hostStorageName
}

resource hostBlobs 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' existing = {
  parent: host
  name: 'default'
}

resource packages 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' existing = [
  for name in deploymentContainers: {
    parent: hostBlobs
    name: name
  }
]

// infra/deploy/deploy.sh keeps the package that is live, to put it back.
resource readPackages 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, i) in deploymentContainers: if (!empty(operators)) {
    scope: packages[i]
    name: guid(host.id, name, operators, roles['Storage Blob Data Reader'])
    properties: {
      principalId: operators
      principalType: 'Group'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles['Storage Blob Data Reader'])
    }
  }
]

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: last(split(workspaceId, '/'))
}

resource readLogs 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(operators)) {
  scope: workspace
  name: guid(workspaceId, operators, roles['Log Analytics Reader'])
  properties: {
    principalId: operators
    principalType: 'Group'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles['Log Analytics Reader'])
  }
}

resource app 'Microsoft.Web/sites@2025-03-01' existing = [
  for name in appNames: {
    name: name
  }
]

resource bringPackages 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, i) in appNames: if (!empty(operators)) {
    scope: app[i]
    name: guid(app[i].id, operators, roles['Website Contributor'])
    properties: {
      principalId: operators
      principalType: 'Group'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles['Website Contributor'])
    }
  }
]
