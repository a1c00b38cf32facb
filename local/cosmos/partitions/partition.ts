const NUMBERS_PER_PARTITION = 2 ** 42

/** Effective partition keys from `min` on, up to but without `max`. */
export interface EpkRange {
  min: string
  max: string
}

/**
 * One physical partition of a container: the keys it holds and the number of its last change. The rows of a container stand
 * in one table; each is numbered by its partition and the change within it, so that the rows of a partition follow each other.
 */
export class Partition {
  readonly index: number
  readonly range: EpkRange
  lsn: number
  lsnChanged = false

  constructor(options: { index: number; range: EpkRange; lsn: number }) {
    this.index = options.index
    this.range = options.range
    this.lsn = options.lsn
  }

  /** What clients call it, in headers and in session tokens. */
  get id(): string {
    return String(this.index)
  }

  /** The number before that of its first row. */
  get start(): number {
    return this.index * NUMBERS_PER_PARTITION
  }

  /** The number that the rows of the next partition begin after. */
  get end(): number {
    return this.start + NUMBERS_PER_PARTITION
  }

  /** The number of a row that is changed now. */
  nextNumber(): number {
    this.lsnChanged = true
    this.lsn += 1
    return this.start + this.lsn
  }

  /** The change that a row's number stands for. */
  lsnOf(number: number): number {
    return number - this.start
  }

  holds(number: number): boolean {
    return number >= this.start && number < this.end
  }

  get sessionToken(): string {
    return `${this.id}:-1#${this.lsn}`
  }
}
