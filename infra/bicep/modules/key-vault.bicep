// The secrets that no identity can stand for. A deployment writes them when it is given them, and else leaves what is there:
// another PSEUDONYM_KEY would make strangers of all customers.
param location string
param tags object
param token string
@secure()
param pseudonymKey string
@secure()
param shopperTokenKey string
@secure()
param shopperTokenKeyBefore string
param privateNetwork bool
param workspaceId string

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' = {
  name: 'kv-${token}'
  location: location
  tags: tags
  properties: {
    tenantId: subscription().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    enablePurgeProtection: true
    publicNetworkAccess: privateNetwork ? 'Disabled' : 'Enabled'
    networkAcls: {
      defaultAction: privateNetwork ? 'Deny' : 'Allow'
      bypass: 'None'
    }
  }
}

// Named as the app asks for them: letters, digits and hyphens.
resource pseudonym 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = if (!empty(pseudonymKey)) {
  parent: vault
  name: 'PSEUDONYM-KEY'
  tags: tags
  properties: { value: pseudonymKey }
}

resource shopperToken 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = if (!empty(shopperTokenKey)) {
  parent: vault
  name: 'SHOPPER-TOKEN-KEY'
  tags: tags
  properties: { value: shopperTokenKey }
}

resource shopperTokenBefore 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = if (!empty(shopperTokenKeyBefore)) {
  parent: vault
  name: 'SHOPPER-TOKEN-KEY-BEFORE'
  tags: tags
  properties: { value: shopperTokenKeyBefore }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: vault
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'AuditEvent', enabled: true }]
  }
}

output name string = vault.name
output id string = vault.id
output uri string = vault.properties.vaultUri
