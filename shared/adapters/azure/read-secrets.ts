import type { SecretClient } from '@azure/keyvault-secrets'

/** The values of the newest versions by name; a secret that the vault does not have is left out. */
export async function readSecrets(names: readonly string[], client: SecretClient): Promise<Record<string, string>> {
  const values = await Promise.all(names.map(name => secretOf(name, client)))
  const found = names.flatMap((name, index) => {
    const value = values[index]
    return value === undefined ? [] : [[name, value] as const]
  })
  return Object.fromEntries(found)
}

async function secretOf(name: string, client: SecretClient): Promise<string | undefined> {
  try {
    return (await client.getSecret(name)).value
  } catch (cause) {
    if (cause instanceof Error && 'statusCode' in cause && cause.statusCode === 404) return undefined
    throw cause
  }
}
