import type { Ports } from '../../ports.ts'
import { readBudget } from './budget.ts'

/** How old what an instance knows may be: the clock looks once an hour. */
const knownMs = 60_000

type Needs = Pick<Ports, 'documents' | 'clock' | 'log'>

/** Whether the budget slows, as this process knows it: asked for in the background, so that nobody waits for it. */
export class BudgetWatch {
  readonly #ports: Needs
  #readAt = Number.NEGATIVE_INFINITY
  #isSlowed = false
  #reading: Promise<void> | undefined

  constructor(ports: Needs) {
    this.#ports = ports
  }

  /** False until it is known. */
  get isSlowed(): boolean {
    return this.#isSlowed
  }

  /** Looks in the background, once a minute; what was known stays while Cosmos is away. */
  keepFresh(): void {
    const { clock } = this.#ports
    if (this.#reading || clock() - this.#readAt < knownMs) return
    this.#readAt = clock()
    this.#reading = this.#read().finally(() => {
      this.#reading = undefined
    })
  }

  async #read(): Promise<void> {
    try {
      this.#isSlowed = ((await readBudget(this.#ports))?.level ?? 0) > 0
    } catch (cause) {
      this.#ports.log.warn({ stage: 'budget', error: String(cause) })
    }
  }
}
