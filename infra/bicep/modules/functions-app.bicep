// One Function App: in starter it serves and works; in enterprise one serves, and the other works and is closed to the public.
param location string
param tags object
param token string
@description('One of profiles.json.')
param app object
param planId string
param identity object
@allowed(['22', '24'])
param nodeVersion string
@description('Empty without a network.')
param subnetId string
@description('Container that One Deploy puts the package in.')
param packageUrl string
@description('Address ranges that may call; none lets all in.')
param allowedAddresses array
@description('Of pages that may call from a browser: exact, like https://shop.example. CORS is set here and nowhere else.')
param corsOrigins array
@description('Functions that are not HTTP, which an app that only serves does without.')
param listeners array
@description('Settings of this deployment, beside those that follow from the app itself.')
param settings object

resource site 'Microsoft.Web/sites@2025-03-01' = {
  name: 'func-${app.name}-${token}'
  location: location
  tags: union(tags, { 'azd-service-name': app.name })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    serverFarmId: planId
    httpsOnly: true
    clientAffinityEnabled: false
    keyVaultReferenceIdentity: identity.id
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packageUrl
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identity.id
          }
        }
      }
      runtime: {
        name: 'node'
        version: nodeVersion
      }
      scaleAndConcurrency: {
        instanceMemoryMB: app.instanceMemoryMb
        maximumInstanceCount: app.instancesMax
        alwaysReady: app.alwaysReadyHttp > 0 ? [{ name: 'http', instanceCount: app.alwaysReadyHttp }] : []
        triggers: { http: { perInstanceConcurrency: app.httpConcurrency } }
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
      // A look every minute would keep an instance awake that is paid by the second.
      healthCheckPath: app.alwaysReadyHttp > 0 ? '/health/live' : null
      cors: {
        allowedOrigins: corsOrigins
        supportCredentials: false
      }
      ipSecurityRestrictionsDefaultAction: app.serves && empty(allowedAddresses) ? 'Allow' : 'Deny'
      ipSecurityRestrictions: [
        for (addresses, i) in (app.serves ? allowedAddresses : []): {
          name: 'allowed-${i}'
          action: 'Allow'
          priority: 100 + i
          ipAddress: addresses
        }
      ]
      // Packages come from elsewhere than requests do; who brings one proves it to Entra.
      scmIpSecurityRestrictionsUseMain: false
      scmIpSecurityRestrictionsDefaultAction: 'Allow'
    }
  }
}

// The platform takes no names with hyphens here (tests/resources.test.ts).
var switchedOff = toObject(app.works ? [] : listeners, name => 'AzureWebJobs.${name}.Disabled', name => 'true')

resource appSettings 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: site
  name: 'appsettings'
  properties: union(settings, switchedOff, {
    MEMORY_MB: string(app.instanceMemoryMb)
    AZURE_CLIENT_ID: identity.clientId
    // Cosmos and the vault are asked for by it alone, at once.
    AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential'
    AzureWebJobsStorage__credential: 'managedidentity'
    AzureWebJobsStorage__clientId: identity.clientId
    EventHubConnection__credential: 'managedidentity'
    EventHubConnection__clientId: identity.clientId
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.clientId};Authorization=AAD'
  })
}

// Shoppers' tokens and service keys are not Entra's, and the platform would refuse them: the app checks who asks, on every route
// (docs/decisions/0020-deployment.md). Said here so that a switch in the portal does not outlive a deployment.
resource platformAuthentication 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: site
  name: 'authsettingsV2'
  properties: {
    platform: { enabled: false }
    globalValidation: { requireAuthentication: false }
  }
}

resource publishing 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = [
  for name in ['ftp', 'scm']: {
    parent: site
    name: name
    properties: { allow: false }
  }
]

output name string = site.name
output id string = site.id
output hostName string = site.properties.defaultHostName
