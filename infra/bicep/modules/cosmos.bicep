// The documents that lists are served from. All containers share the database's throughput, which the account cannot exceed.
param location string
param tags object
param token string
param databaseName string
@description('As infra/resources.json has them.')
param containers array
@description('One account of a subscription may have it.')
param freeTier bool
@description('Request units a second at most; a tenth of it is the least that autoscale bills.')
param throughputMax int
param zoneRedundant bool
param privateNetwork bool
param workspaceId string

resource account 'Microsoft.DocumentDB/databaseAccounts@2025-10-15' = {
  name: 'cosmos-${token}'
  location: location
  tags: tags
  kind: 'GlobalDocumentDB'
  properties: {
    databaseAccountOfferType: 'Standard'
    enableFreeTier: freeTier
    capacity: { totalThroughputLimit: throughputMax }
    consistencyPolicy: { defaultConsistencyLevel: 'Session' }
    locations: [
      {
        locationName: location
        failoverPriority: 0
        isZoneRedundant: zoneRedundant
      }
    ]
    backupPolicy: {
      type: 'Continuous'
      continuousModeProperties: { tier: 'Continuous7Days' }
    }
    disableLocalAuth: true
    disableKeyBasedMetadataWriteAccess: true
    minimalTlsVersion: 'Tls12'
    publicNetworkAccess: privateNetwork ? 'Disabled' : 'Enabled'
  }
}

resource database 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases@2025-10-15' = {
  parent: account
  name: databaseName
  properties: {
    resource: { id: databaseName }
    options: {
      autoscaleSettings: { maxThroughput: throughputMax }
    }
  }
}

resource container 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers@2025-10-15' = [
  for each in containers: {
    parent: database
    name: each.name
    properties: {
      resource: union(
        {
          id: each.name
          partitionKey: {
            paths: [each.partitionKey]
            kind: 'Hash'
            version: 2
          }
          // What is not searched for is cheaper to write.
          indexingPolicy: {
            indexingMode: 'consistent'
            automatic: true
            includedPaths: each.indexing == 'all'
              ? [{ path: '/*' }]
              : (each.indexing == 'none' ? [] : map(each.indexing, path => { path: path }))
            excludedPaths: each.indexing == 'all' ? [{ path: '/"_etag"/?' }] : [{ path: '/*' }]
          }
        },
        // -1: documents say themselves after how many seconds they go.
        contains(each, 'timeToLive') ? { defaultTtl: -1 } : {}
      )
    }
  }
]

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: account
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logAnalyticsDestinationType: 'Dedicated'
    logs: [{ category: 'ControlPlaneRequests', enabled: true }]
  }
}

output name string = account.name
output id string = account.id
output endpoint string = account.properties.documentEndpoint
