// One user-assigned identity an app: it is there before the app is, so that roles are given before the app first starts.
param location string
param tags object
param token string
param appNames array

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = [
  for name in appNames: {
    name: 'id-${name}-${token}'
    location: location
    tags: tags
  }
]

@description('In the order of the apps.')
output identities array = [
  for (name, i) in appNames: {
    id: identity[i].id
    clientId: identity[i].properties.clientId
    principalId: identity[i].properties.principalId
  }
]
