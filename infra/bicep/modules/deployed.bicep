// Where everything is, for programs that may ask the vault but not Azure Resource Manager (D01). No secret is among it.
param vaultName string
param tags object
param deployed object

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' existing = {
  name: vaultName
}

resource secret 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = {
  parent: vault
  name: 'DEPLOYED'
  tags: tags
  properties: {
    contentType: 'application/json'
    value: string(deployed)
  }
}
