import type { Clock, Log } from '../../ports.ts'
import { type Environment, finding, SettingsError } from '../../schemas/settings/parse.ts'
import {
  factsOf,
  parseSettings,
  type SettingName,
  Settings,
  secretsInVault,
  settingNames,
} from '../../schemas/settings.ts'
import type { KeyVault, Secrets } from './key-vault.ts'
import { Redactor } from './redactor.ts'

/** How old secrets of a vault may be that rotate. */
const secretsMs = 5 * 60_000
const secretSettings = settingNames.filter(name => factsOf(name).isSecret)

/** The app's settings, of its environment and of Key Vault: read once, but for the vault's secrets that rotate. */
export class AppSettings {
  readonly settings: Settings
  /** Knows the secrets as they are by now. */
  readonly redactor = new Redactor()
  /** What Key Vault has. */
  readonly ofVault: readonly SettingName[]
  readonly #vault: KeyVault | undefined
  readonly #clock: Clock
  readonly #environment: Environment
  #readAt: number
  #reading: Promise<void> | undefined

  /**
   * @param of.vault opens the vault of KEY_VAULT_URI
   * @throws SettingsError for all that is missing or wrong, here and there; an Error when the vault cannot be read
   */
  constructor(
    environment: Environment,
    { vault, clock = Date.now }: { vault: (uri: string) => KeyVault; clock?: Clock },
  ) {
    const { KEY_VAULT_URI: uri } = environment
    const wanted = secretsInVault(environment)
    this.#vault = uri && wanted.length > 0 ? vault(uri) : undefined
    const secrets = this.#vault?.readNow(wanted.map(secretName)) ?? {}
    this.ofVault = wanted.filter(name => secrets[secretName(name)] !== undefined)
    const values = this.ofVault.map(name => [name, secrets[secretName(name)]])
    this.settings = parseSettings({ ...environment, ...Object.fromEntries(values) })
    this.#environment = environment
    this.#clock = clock
    this.#readAt = clock()
    this.#tellRedactor()
  }

  /** Where a value comes from that was not set at run time. */
  readonly sourceOf = (name: SettingName): 'default' | 'environment' | 'vault' => {
    if (this.ofVault.includes(name)) return 'vault'
    return this.#environment[name]?.trim() ? 'environment' : 'default'
  }

  /** Reads secrets that rotate again, in the background and every few minutes; those before stay while the vault is away. */
  keepFresh(log: Log): void {
    const vault = this.#vault
    if (!vault || this.#reading || this.#clock() - this.#readAt < secretsMs) return
    this.#readAt = this.#clock()
    const rotating = this.ofVault.filter(name => factsOf(name).vault === 'rotates')
    this.#reading = vault
      .read(rotating.map(secretName))
      .then(secrets => this.#take(rotating, secrets))
      .catch(cause => log.warn({ stage: 'settings', vault: vault.uri, error: String(cause) }))
      .finally(() => {
        this.#reading = undefined
      })
  }

  /** @throws SettingsError for what is missing or wrong by now, of which the value before stays */
  #take(names: readonly SettingName[], secrets: Secrets): void {
    const findings: string[] = []
    for (const name of names) {
      const value = secrets[secretName(name)]
      const outcome = Settings.shape[name].safeParse(value)
      if (outcome.success && value !== undefined) Object.assign(this.settings, { [name]: value })
      else findings.push(finding(Settings, { name, message: outcome.error?.issues[0]?.message ?? 'it', value }))
    }
    this.#tellRedactor()
    if (findings.length > 0) throw new SettingsError(findings)
  }

  #tellRedactor(): void {
    this.redactor.know(secretSettings.map(name => this.settings[name]).filter(value => typeof value === 'string'))
  }
}

/** Names of secrets have letters, digits and hyphens. */
const secretName = (name: SettingName): string => name.replaceAll('_', '-')
