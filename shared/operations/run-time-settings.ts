import type { Clock, Documents, Log, Versioned } from '../ports.ts'
import { collections } from '../schemas/collections.ts'
import { type RunTimeSettings, runTimeNames } from '../schemas/settings/run-time.ts'
import { Settings } from '../schemas/settings.ts'

/** How old what an instance knows may be. */
const knownMs = 5_000
const key = { id: 'run-time-settings', partition: 'run-time-settings' } as const

export const readRunTimeSettings = (documents: Documents): Promise<Versioned<RunTimeSettings> | undefined> =>
  documents.read(collections.runTimeSettings, key)

/** Lays what is set at run time over the settings of this process, whose readers see it at once. */
export class RunTimeOverlay {
  readonly #settings: Settings
  /** As the environment has them. */
  readonly #own: Partial<Settings>
  readonly #ports: { documents: Documents; clock: Clock; log: Log }
  #readAt = Number.NEGATIVE_INFINITY
  #etag: string | undefined
  #reading: Promise<void> | undefined

  constructor(settings: Settings, ports: { documents: Documents; clock: Clock; log: Log }) {
    this.#settings = settings
    this.#own = Object.fromEntries(runTimeNames.map(name => [name, settings[name]]))
    this.#ports = ports
  }

  /** Looks in the background what is set, every few seconds; what was known stays while Cosmos is away. */
  keepFresh(): void {
    const { documents, clock, log } = this.#ports
    if (this.#reading || clock() - this.#readAt < knownMs) return
    this.#readAt = clock()
    this.#reading = readRunTimeSettings(documents)
      .then(stored => this.apply(stored))
      .catch(cause => log.warn({ stage: 'run-time-settings', error: String(cause) }))
      .finally(() => {
        this.#reading = undefined
      })
  }

  /** Puts in force what is stored; a value that this version of the app does not take is told and left out. */
  apply(stored: { document: RunTimeSettings; etag: string } | undefined): void {
    if (stored?.etag === this.#etag) return
    this.#etag = stored?.etag
    const inForce: Record<string, unknown> = { ...this.#own }
    for (const [name, value] of Object.entries(stored?.document.values ?? {})) {
      const known = runTimeNames.find(each => each === name)
      const outcome = known && Settings.shape[known].safeParse(String(value))
      if (outcome?.success) inForce[name] = outcome.data
      else this.#ports.log.warn({ stage: 'run-time-settings', setting: name, refused: value })
    }
    Object.assign(this.#settings, inForce)
    this.#ports.log.info({ stage: 'run-time-settings', set: Object.keys(stored?.document.values ?? {}) })
  }
}
