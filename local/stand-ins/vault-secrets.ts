import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { badParameter, deletedButRecoverable, secretDisabled, secretNotFound } from './key-vault-error.ts'

const valueBytesMax = 25_600
const dayS = 86_400
const recoverableDays = 90

const Attributes = z.object({
  enabled: z.boolean().optional(),
  exp: z.int().optional(),
  nbf: z.int().optional(),
})
const Properties = z.object({
  contentType: z.string().max(255).optional(),
  tags: z.record(z.string(), z.string()).optional(),
  attributes: Attributes.optional(),
})
export const SecretUpdate = Properties
export const SecretSet = Properties.extend({ value: z.string() })

interface Version extends z.infer<typeof SecretSet> {
  version: string
  createdS: number
  updatedS: number
}

interface Secret {
  name: string
  /** The newest last. */
  versions: Version[]
}

/** The secrets of one vault in memory, with soft delete as every vault has it. */
export class VaultSecrets {
  private readonly live = new Map<string, Secret>()
  private readonly deleted = new Map<string, { secret: Secret; deletedS: number }>()
  private readonly url: () => string

  constructor(url: () => string) {
    this.url = url
  }

  /** Makes a new version. */
  set(name: string, properties: z.infer<typeof SecretSet>): object {
    if (!/^[0-9a-zA-Z-]{1,127}$/.test(name)) throw badParameter(`The request URI contains an invalid name: ${name}`)
    if (Buffer.byteLength(properties.value) > valueBytesMax) {
      throw badParameter(`The secret value is larger than ${valueBytesMax} bytes`)
    }
    const key = name.toLowerCase()
    if (this.deleted.has(key)) throw deletedButRecoverable(name)
    const secret = this.live.get(key) ?? { name, versions: [] }
    const version = randomUUID().replaceAll('-', '')
    const added = { ...properties, version, createdS: nowS(), updatedS: nowS() }
    secret.versions.push(added)
    this.live.set(key, secret)
    return this.bundle(secret, added)
  }

  /** Without a version the newest. Expired and not yet valid ones are handed out: their dates inform only. */
  get(name: string, version: string | undefined): object {
    const { secret, found } = this.find(name, version)
    if (found.attributes?.enabled === false) throw secretDisabled()
    return this.bundle(secret, found)
  }

  update(name: string, version: string | undefined, properties: z.infer<typeof SecretUpdate>): object {
    const { secret, found } = this.find(name, version)
    const attributes = { ...found.attributes, ...properties.attributes }
    Object.assign(found, properties, { attributes, updatedS: nowS() })
    return this.item(secret, found, found.version)
  }

  /** Each secret by its newest version, without values. */
  list(): object[] {
    return [...this.live.values()].map(secret => this.item(secret, newest(secret), undefined))
  }

  listVersions(name: string): object[] {
    const { secret } = this.find(name, undefined)
    return secret.versions.map(version => this.item(secret, version, version.version))
  }

  delete(name: string): object {
    const { secret } = this.find(name, undefined)
    const key = name.toLowerCase()
    this.live.delete(key)
    this.deleted.set(key, { secret, deletedS: nowS() })
    return this.getDeleted(name)
  }

  getDeleted(name: string): object {
    const { secret, deletedS } = this.findDeleted(name)
    return {
      ...this.item(secret, newest(secret), newest(secret).version),
      recoveryId: `${this.url()}/deletedsecrets/${secret.name}`,
      deletedDate: deletedS,
      scheduledPurgeDate: deletedS + recoverableDays * dayS,
    }
  }

  recover(name: string): object {
    const { secret } = this.findDeleted(name)
    this.deleted.delete(name.toLowerCase())
    this.live.set(name.toLowerCase(), secret)
    return this.item(secret, newest(secret), newest(secret).version)
  }

  purge(name: string): void {
    this.findDeleted(name)
    this.deleted.delete(name.toLowerCase())
  }

  private find(name: string, version: string | undefined): { secret: Secret; found: Version } {
    const secret = this.live.get(name.toLowerCase())
    if (secret === undefined) throw secretNotFound(name)
    const found = version === undefined ? newest(secret) : secret.versions.find(one => one.version === version)
    if (found === undefined) throw secretNotFound(`${name}/${version}`)
    return { secret, found }
  }

  private findDeleted(name: string) {
    const deleted = this.deleted.get(name.toLowerCase())
    if (deleted === undefined) throw secretNotFound(name)
    return deleted
  }

  private bundle(secret: Secret, version: Version): object {
    return { value: version.value, ...this.item(secret, version, version.version) }
  }

  private item(secret: Secret, found: Version, version: string | undefined): object {
    const { contentType, tags, attributes, createdS, updatedS } = found
    return {
      id: [this.url(), 'secrets', secret.name, version].filter(part => part !== undefined).join('/'),
      contentType,
      tags,
      attributes: {
        enabled: true,
        ...attributes,
        created: createdS,
        updated: updatedS,
        recoveryLevel: 'Recoverable+Purgeable',
        recoverableDays,
      },
    }
  }
}

function newest({ versions }: Secret): Version {
  const version = versions.at(-1)
  if (version === undefined) throw new RangeError('A secret has at least one version')
  return version
}

function nowS(): number {
  return Math.floor(Date.now() / 1000)
}
