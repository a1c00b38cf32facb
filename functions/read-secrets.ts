import { DefaultAzureCredential } from '@azure/identity'
import { SecretClient } from '@azure/keyvault-secrets'
import { readSecrets } from '../shared/adapters/azure/read-secrets.ts'

// A program of its own: prints the secrets of a vault, as the app's identity, for the app that is being started.
const [uri = '', ...names] = process.argv.slice(2)
// A stand-in on this machine challenges in the name of Azure's vaults.
const disableChallengeResourceVerification = new URL(uri).hostname === '127.0.0.1'
const client = new SecretClient(uri, new DefaultAzureCredential(), { disableChallengeResourceVerification })
readSecrets(names, client).then(
  secrets => process.stdout.write(JSON.stringify(secrets)),
  (cause: unknown) => {
    process.stderr.write(cause instanceof Error ? cause.message : String(cause))
    process.exitCode = 1
  },
)
