import type { TokenCredential } from '@azure/identity'
import { once } from './once.ts'

/** As settings name an identity: the app's own on Azure, or whoever is signed in where the app runs. */
export interface IdentityName {
  credential?: 'managedidentity' | undefined
  clientId?: string | undefined
}
/** Loads what asks Entra ID for tokens, which takes some 70 ms: when a service is first used, and never with keys. */
export type Identity = () => Promise<TokenCredential>

/** Identities by name, each one made once: services that it opens share its tokens. */
export function identities(): (name: IdentityName) => Identity {
  const made = new Map<string, Identity>()
  return name => {
    const key = `${name.credential} ${name.clientId}`
    const identity = made.get(key) ?? once(() => identityOf(name))
    made.set(key, identity)
    return identity
  }
}

/** As the Functions host has it: `managedidentity` is that alone, and without it a developer's `az login` opens services as well. */
async function identityOf({ credential, clientId }: IdentityName): Promise<TokenCredential> {
  const { DefaultAzureCredential, ManagedIdentityCredential } = await import('@azure/identity')
  if (credential === undefined) {
    return new DefaultAzureCredential(clientId === undefined ? {} : { managedIdentityClientId: clientId })
  }
  return clientId === undefined ? new ManagedIdentityCredential() : new ManagedIdentityCredential({ clientId })
}
