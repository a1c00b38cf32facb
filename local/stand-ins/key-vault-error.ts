/** A refusal as Key Vault words it. Source: "Azure Key Vault REST API error codes". */
export class KeyVaultError extends Error {
  readonly status: number
  readonly code: string
  readonly innerCode: string | undefined

  constructor(status: number, code: string, message: string, innerCode?: string) {
    super(message)
    this.name = 'KeyVaultError'
    this.status = status
    this.code = code
    this.innerCode = innerCode
  }

  get body(): object {
    const { code, message, innerCode } = this
    return { error: { code, message, ...(innerCode !== undefined && { innererror: { code: innerCode } }) } }
  }
}

export const badParameter = (message: string) => new KeyVaultError(400, 'BadParameter', message)

export const secretNotFound = (id: string) =>
  new KeyVaultError(
    404,
    'SecretNotFound',
    `A secret with (name/id) ${id} was not found in this key vault. If you recently deleted this secret you may be able to recover it using the correct recovery command.`,
  )

export const secretDisabled = () =>
  new KeyVaultError(403, 'Forbidden', 'Operation get is not allowed on a disabled secret.', 'SecretDisabled')

export const deletedButRecoverable = (name: string) =>
  new KeyVaultError(
    409,
    'Conflict',
    `Secret ${name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the secret can only be recovered or purged.`,
    'ObjectIsDeletedButRecoverable',
  )
