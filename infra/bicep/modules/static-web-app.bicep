// Where web/ is served from, with a certificate and a CDN of the platform's own.
@description('Static Web Apps are in few regions; what they serve is everywhere.')
param location string
param tags object
param token string
@allowed(['Free', 'Standard'])
param tier string
@description('Like shop.example, whose CNAME must point to the app before; empty for the app’s own name.')
param customDomain string

resource site 'Microsoft.Web/staticSites@2025-03-01' = {
  name: 'stapp-${token}'
  location: location
  tags: union(tags, { 'azd-service-name': 'web' })
  sku: {
    name: tier
    tier: tier
  }
  properties: {
    allowConfigFileUpdates: true
    stagingEnvironmentPolicy: 'Enabled'
  }
}

resource domain 'Microsoft.Web/staticSites/customDomains@2025-03-01' = if (!empty(customDomain)) {
  parent: site
  name: empty(customDomain) ? 'none' : customDomain
  properties: { validationMethod: 'cname-delegation' }
}

output name string = site.name
output origins array = concat(
  ['https://${site.properties.defaultHostname}'],
  empty(customDomain) ? [] : ['https://${customDomain}']
)
