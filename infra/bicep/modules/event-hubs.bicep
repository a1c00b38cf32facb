// The ordered log of what shoppers do and what changes in the catalogue.
param location string
param tags object
param token string
@description('As infra/resources.json has them.')
param hubs array
param tier string
param throughputUnits int
@description('0 for a tier that does not inflate.')
param throughputUnitsMax int
@description('Of each hub: for good, and each hands over batches of its own. In the local stack it is as resources.json has it.')
param partitions int
param retentionHours int
param zoneRedundant bool
param privateNetwork bool
param workspaceId string

resource namespace 'Microsoft.EventHub/namespaces@2024-01-01' = {
  name: 'evhns-${token}'
  location: location
  tags: tags
  sku: {
    name: tier
    tier: tier
    capacity: throughputUnits
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    zoneRedundant: zoneRedundant
    isAutoInflateEnabled: throughputUnitsMax > 0
    maximumThroughputUnits: throughputUnitsMax
    publicNetworkAccess: privateNetwork ? 'Disabled' : 'Enabled'
  }
}

// Consumer groups are those that every hub has: the basic tier allows no other, and one function reads each hub.
resource hub 'Microsoft.EventHub/namespaces/eventhubs@2024-01-01' = [
  for each in hubs: {
    parent: namespace
    name: each.name
    properties: {
      partitionCount: partitions
      retentionDescription: {
        cleanupPolicy: 'Delete'
        retentionTimeInHours: retentionHours
      }
    }
  }
]

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: namespace
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'OperationalLogs', enabled: true }]
  }
}

output name string = namespace.name
output id string = namespace.id
