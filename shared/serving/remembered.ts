/** The values used last, at most `max` of them; for what never changes under its key. */
export class Remembered<Value> {
  readonly #values = new Map<string, Promise<Value>>()
  readonly #max: number

  constructor(max: number) {
    this.#max = max
  }

  /** The remembered value, or `load`ed; a failed load is forgotten. */
  get(key: string, load: () => Promise<Value>): Promise<Value> {
    const known = this.#values.get(key)
    const value = known ?? load()
    this.#values.delete(key)
    this.#values.set(key, value)
    if (!known) {
      value.catch(() => this.#values.delete(key))
      if (this.#values.size > this.#max) this.#forgetOldest()
    }
    return value
  }

  clear(): void {
    this.#values.clear()
  }

  #forgetOldest(): void {
    const [oldest] = this.#values.keys()
    if (oldest !== undefined) this.#values.delete(oldest)
  }
}
