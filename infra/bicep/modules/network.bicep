// A network of its own: a subnet for each app, and one for the private endpoints of what they use.
param location string
param tags object
param token string
@description('The first two numbers of the network’s addresses, which must not be those of a network it is to be joined to.')
param addressPrefix string
param appNames array

// What apps may call: services by their private endpoints, Entra for tokens and keys, Azure Monitor, and where the host’s
// extensions come from. Nothing else.
var calls = [
  { name: 'services', access: 'Allow', to: 'VirtualNetwork', port: '443' }
  { name: 'event-hubs', access: 'Allow', to: 'VirtualNetwork', port: '5671' }
  { name: 'entra', access: 'Allow', to: 'AzureActiveDirectory', port: '443' }
  { name: 'monitor', access: 'Allow', to: 'AzureMonitor', port: '443' }
  { name: 'extensions', access: 'Allow', to: 'AzureFrontDoor.Frontend', port: '443' }
  { name: 'internet', access: 'Deny', to: 'Internet', port: '*' }
]

resource ofApps 'Microsoft.Network/networkSecurityGroups@2025-05-01' = {
  name: 'nsg-apps-${token}'
  location: location
  tags: tags
  properties: {
    securityRules: [
      for (call, i) in calls: {
        name: '${toLower(call.access)}-${call.name}'
        properties: {
          direction: 'Outbound'
          access: call.access
          priority: 100 + 10 * i
          protocol: call.access == 'Allow' ? 'Tcp' : '*'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: call.to
          destinationPortRange: call.port
        }
      }
    ]
  }
}

// Who may call the endpoints: this network, by TLS alone.
var answers = [
  { name: 'https', access: 'Allow', from: 'VirtualNetwork', port: '443' }
  { name: 'amqp', access: 'Allow', from: 'VirtualNetwork', port: '5671' }
  { name: 'others', access: 'Deny', from: '*', port: '*' }
]

resource ofEndpoints 'Microsoft.Network/networkSecurityGroups@2025-05-01' = {
  name: 'nsg-endpoints-${token}'
  location: location
  tags: tags
  properties: {
    securityRules: [
      for (answer, i) in answers: {
        name: '${toLower(answer.access)}-${answer.name}'
        properties: {
          direction: 'Inbound'
          access: answer.access
          priority: 100 + 10 * i
          protocol: answer.access == 'Allow' ? 'Tcp' : '*'
          sourceAddressPrefix: answer.from
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: answer.port
        }
      }
    ]
  }
}

var appSubnets = [
  for (name, i) in appNames: {
    name: 'app-${name}'
    properties: {
      addressPrefix: '${addressPrefix}.${i}.0/24'
      networkSecurityGroup: { id: ofApps.id }
      delegations: [
        {
          name: 'functions'
          properties: { serviceName: 'Microsoft.App/environments' }
        }
      ]
    }
  }
]
var endpointSubnets = [
  {
    name: 'endpoints'
    properties: {
      addressPrefix: '${addressPrefix}.100.0/24'
      networkSecurityGroup: { id: ofEndpoints.id }
      privateEndpointNetworkPolicies: 'NetworkSecurityGroupEnabled'
    }
  }
]

// Subnets stand within the network: one deployed without them could take its subnets for removed.
resource network 'Microsoft.Network/virtualNetworks@2025-05-01' = {
  name: 'vnet-${token}'
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: ['${addressPrefix}.0.0/16'] }
    subnets: concat(appSubnets, endpointSubnets)
  }
}

var subnets = '${network.id}/subnets'
output networkId string = network.id
output endpointSubnetId string = '${subnets}/endpoints'
@description('In the order of the apps.')
output appSubnetIds array = map(appNames, name => '${subnets}/app-${name}')
